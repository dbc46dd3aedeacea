using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Recovery;

namespace BackupFunctions.Postgres.Tests.Recovery;

/// <summary>An archive as archive_command = 'cp %p folder/%f' makes it, with what a test does to it.</summary>
internal sealed class FolderSource(string folder) : IWalSource
{
    public HashSet<string> Missing { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Zeroed { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Failing { get; } = new(StringComparer.Ordinal);

    public async Task<bool> FetchAsync(string file, string destination, CancellationToken cancellationToken)
    {
        if (Failing.Contains(file))
        {
            throw new PgdrException(ErrorCodes.TargetUnreachable, $"{file} cannot be had now.");
        }

        var path = Path.Combine(folder, file);
        if (!File.Exists(path) || Missing.Contains(file))
        {
            return false;
        }

        var bytes = Zeroed.Contains(file) ? new byte[new FileInfo(path).Length] : await File.ReadAllBytesAsync(path, cancellationToken);
        await File.WriteAllBytesAsync(destination, bytes, cancellationToken);
        return true;
    }
}
