namespace BackupFunctions.Contracts.Merges;

/// <summary>A merge that has begun and may have left a scratch database and files: kept in the run store until they are gone.</summary>
/// <param name="RestoreId">Names scratch database and work folder.</param>
/// <param name="InstanceId">The workflow's instance.</param>
/// <param name="Database">The live database.</param>
/// <param name="Server">Where the scratch database is, by its name in the settings.</param>
public sealed record MergeEntry(string RestoreId, string InstanceId, string Database, string Server);
