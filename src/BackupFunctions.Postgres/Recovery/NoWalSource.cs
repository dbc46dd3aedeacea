namespace BackupFunctions.Postgres.Recovery;

/// <summary>Has nothing: the server replays what lies in its own directory.</summary>
internal sealed class NoWalSource : IWalSource
{
    public Task<bool> FetchAsync(string file, string destination, CancellationToken cancellationToken) => Task.FromResult(false);
}
