namespace BackupFunctions.Jobs.BaseBackup;

/// <summary>The newest base backup that this machine took of a server: what the next one may be incremental to.</summary>
/// <param name="BackupId">Of the backup.</param>
/// <param name="Parents">What it needs itself, the whole base backup first; empty for a whole one.</param>
/// <param name="SystemIdentifier">Of the server.</param>
/// <param name="Timeline">Of <paramref name="StartLsn"/>, from 1.</param>
/// <param name="StartLsn">For example 0/6000028.</param>
/// <param name="ManifestSha256">Hex, of the server's own list of its files.</param>
internal sealed record LastBase(string BackupId, IReadOnlyList<string> Parents, string SystemIdentifier, int Timeline, string StartLsn, string ManifestSha256)
{
    /// <summary>All backups that one incremental to this needs, the whole one first.</summary>
    public IReadOnlyList<string> Chain => [.. Parents, BackupId];
}
