namespace BackupFunctions.EmbeddedHost.Durable;

/// <summary>This host has no entities; their ids begin with @.</summary>
internal static class EntityRules
{
    /// <exception cref="NotSupportedException">The id is that of an entity.</exception>
    public static void Refuse(string instanceId)
    {
        if (instanceId.StartsWith('@'))
        {
            throw new NotSupportedException(
                $"{instanceId} is the id of an entity, and this host has none: keep the state in an orchestration that waits for events " +
                "and continues as new.");
        }
    }
}
