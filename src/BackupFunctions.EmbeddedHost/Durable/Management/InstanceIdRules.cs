namespace BackupFunctions.EmbeddedHost.Durable.Management;

/// <summary>The rules of Durable Functions for instance ids.</summary>
internal static class InstanceIdRules
{
    private const int LongestId = 256;

    /// <exception cref="ArgumentException">The id breaks a rule.</exception>
    public static void Check(string instanceId)
    {
        if (instanceId.StartsWith('@'))
        {
            throw new ArgumentException("An instance id must not begin with @.", nameof(instanceId));
        }

        if (instanceId.Any(c => c is '/' or '\\' or '#' or '?' || char.IsControl(c)))
        {
            throw new ArgumentException("An instance id must not contain / \\ # ? or control characters.", nameof(instanceId));
        }

        if (instanceId.Length > LongestId)
        {
            throw new ArgumentException($"An instance id has at most {LongestId} characters.", nameof(instanceId));
        }
    }
}
