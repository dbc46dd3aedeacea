namespace BackupFunctions.EmbeddedHost.Doctor;

/// <summary>Where the state is.</summary>
/// <param name="Database">In words, without secrets.</param>
/// <param name="StartedForThisLook">The host's own server was down and was started to be looked at.</param>
/// <param name="KeptAside">Folders with state of an older PostgreSQL that no program here could read.</param>
internal sealed record StatePlace(string Database, bool StartedForThisLook, IReadOnlyList<string> KeptAside);
