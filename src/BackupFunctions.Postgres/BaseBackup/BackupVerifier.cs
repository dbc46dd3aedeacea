using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Tools;

namespace BackupFunctions.Postgres.BaseBackup;

/// <summary>pg_verifybackup: every file against the checksum that the server itself wrote into backup_manifest.</summary>
public static class BackupVerifier
{
    /// <param name="tools">With <see cref="PgTools.PgVerifyBackup"/>.</param>
    /// <param name="dataDirectory">With backup_manifest; its log is not looked at.</param>
    /// <param name="ignored">Paths below it that are not as the server knows them.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="PgdrException">verification.failed: the sentence quotes what it found first.</exception>
    public static async Task RunAsync(PgTools tools, string dataDirectory, IEnumerable<string> ignored, CancellationToken cancellationToken)
    {
        string? first = null;
        var result = await PgToolRunner.RunAsync(
            new ToolCommand(tools.PgVerifyBackup, ["--no-parse-wal", .. ignored.Select(path => "--ignore=" + path), dataDirectory]) { ErrorLine = line => first ??= line },
            cancellationToken);
        if (result.ExitCode != 0)
        {
            throw new PgdrException(
                ErrorCodes.VerificationFailed,
                $"The files in {dataDirectory} are not those that the server sent ({(result.FirstError ?? first)?.Trim().TrimEnd('.') ?? $"exit code {result.ExitCode}"}): "
                + "start the restore again, all of it is fetched anew; if that fails too, use another backup.");
        }
    }
}
