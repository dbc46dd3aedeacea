using BackupFunctions.Postgres.Recovery;

namespace BackupFunctions.Jobs.Recovery;

/// <summary>Counts the files that a recovery was given, each once.</summary>
internal sealed class CountingWalSource(IWalSource inner) : IWalSource
{
    private readonly HashSet<string> _files = new(StringComparer.Ordinal);

    public int Files => _files.Count;

    public async Task<bool> FetchAsync(string file, string destination, CancellationToken cancellationToken)
    {
        var delivered = await inner.FetchAsync(file, destination, cancellationToken);
        if (delivered)
        {
            _files.Add(file);
        }

        return delivered;
    }
}
