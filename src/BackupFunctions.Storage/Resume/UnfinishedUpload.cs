namespace BackupFunctions.Storage.Resume;

/// <param name="Key">The object that it was to become.</param>
/// <param name="Id">What the target calls it.</param>
/// <param name="LastUsed">UTC, by the target's clock: when it began or, where the target tells, last grew.</param>
public sealed record UnfinishedUpload(string Key, string Id, DateTimeOffset LastUsed);
