using System.Text.RegularExpressions;
using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tools;

namespace BackupFunctions.Postgres.BaseBackup;

/// <summary>What pg_basebackup prints while it works, kept so far as it tells why it failed.</summary>
internal sealed partial class BaseBackupErrors(ServerConnection server, Action<string> warn)
{
    private const int MostFiles = 3;

    private readonly List<string> _damaged = [];
    private bool _waits;

    public void Take(string line)
    {
        if (Damaged().Match(line) is { Success: true } match)
        {
            var file = match.Groups["file"].Value;
            if (_damaged.Count <= MostFiles && !_damaged.Contains(file, StringComparer.Ordinal))
            {
                _damaged.Add(file);
            }
        }
        else if (!_waits && line.Contains("still waiting for all required WAL segments to be archived", StringComparison.Ordinal))
        {
            _waits = true;
            warn($"The base backup waits for server {server.Endpoint} to archive its write-ahead log: check its archive_command, or set archive_mode to off.");
        }
    }

    public PgdrException Explain(ToolCommand command, ToolResult result)
    {
        if (_damaged.Count == 0 && result.FirstError?.Contains("checksum error occurred", StringComparison.Ordinal) != true)
        {
            return ToolFailure.Explain(command, result);
        }

        var files = _damaged.Count == 0 ? "some of its files" : string.Join(", ", _damaged.Take(MostFiles)) + (_damaged.Count > MostFiles ? " and others" : string.Empty);
        return new PgdrException(
            ErrorCodes.ServerDamaged,
            $"Server {server.Endpoint} found damaged blocks in {files} (data checksums do not match): nothing was kept of this backup; "
            + "check the server's disk, and bring what is damaged back from an earlier backup.");
    }

    [GeneratedRegex("""^WARNING: +checksum verification failed in (file )?"(\./)?(?<file>[^"]+)",""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex Damaged();
}
