namespace BackupFunctions.EmbeddedHost.Doctor;

internal enum HostLife
{
    /// <summary>Its session with the state database is open.</summary>
    Alive,

    /// <summary>It ended without saying so; another host takes over what it held.</summary>
    Dead,

    /// <summary>Its session was cut a moment ago, as every one when the state's server restarts.</summary>
    Unknown,
}
