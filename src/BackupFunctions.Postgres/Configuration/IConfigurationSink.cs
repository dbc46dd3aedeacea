namespace BackupFunctions.Postgres.Configuration;

/// <summary>Takes what a configuration consists of.</summary>
public interface IConfigurationSink
{
    /// <param name="path">Relative, with slashes, for example server/settings.txt.</param>
    /// <param name="content">Of limited size.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task AddAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>One sentence for what could not be read, with the remedy.</summary>
    void Missing(string sentence);
}
