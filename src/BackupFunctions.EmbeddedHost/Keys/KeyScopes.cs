namespace BackupFunctions.EmbeddedHost.Keys;

/// <summary>What a key opens. Names of host scopes are those of the admin endpoints and of the Functions host's secrets file.</summary>
internal static class KeyScopes
{
    public const string Master = "masterKey";

    public const string HostFunctions = "functionKeys";

    public const string System = "systemKeys";

    /// <summary>The system key that the durable management API asks for; the name is part of the Functions host's contract.</summary>
    public const string DurableTaskKey = "durabletask_extension";

    public const string DefaultKey = "default";

    public const string MasterKey = "_master";

    /// <summary>A host scope's own key by the name it has in initial-keys.json: masterKey, functionKey, systemKey.</summary>
    public static string One(string scope) => scope.TrimEnd('s');

    /// <summary>Keys of one function alone.</summary>
    public static string Function(string name) => "function/" + name.ToUpperInvariant();
}
