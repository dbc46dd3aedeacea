using BackupFunctions.Archive.Manifests;
using BackupFunctions.Catalog;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Files;
using BackupFunctions.Storage.Failover;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Jobs.Restore;

/// <summary>The contents of a dump straight from storage, before anything of it is fetched.</summary>
internal sealed class ContentsReader(JobEnvironment environment, BackupReader reader)
{
    /// <param name="stored">The backup.</param>
    /// <param name="targets">Those that have all of it, the first to read from first.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="Contracts.PgdrException">As a fetch.</exception>
    public async Task<BackupContents> ReadAsync(StoredManifest stored, IReadOnlyList<string> targets, CancellationToken cancellationToken)
    {
        var manifest = stored.Manifest;
        using var key = reader.PrivateKeys.Unwrap(manifest.Recipients);
        var failover = new FailoverReader(
            [.. targets.Select(name => reader.Targets.First(target => string.Equals(target.Name, name, StringComparison.Ordinal)))],
            new FailoverReaderOptions { HedgeDelay = environment.Settings.ReadHedgeDelay, HealthStore = reader.Health },
            environment.Loggers.CreateLogger<FailoverReader>());
        JobFolders.Prepare(environment.Settings.WorkPath, "WORK_PATH");

        // Parsed only when all of it is there and authentic; a file, for it may be large. Deleted as it is made: it has the names of all tables.
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        await using var file = new FileStream(Path.Combine(environment.Settings.WorkPath, $"pgdr-contents-{Guid.NewGuid():N}"), options);
        await new ObjectFetcher(manifest, key, failover, environment.Reporter).FetchAsync(
            manifest.Objects.First(item => string.Equals(item.Role, "contents", StringComparison.Ordinal)),
            async (plain, token) =>
            {
                file.SetLength(0);
                file.Position = 0;
                await plain.CopyToAsync(file, token);
            },
            cancellationToken);
        file.Position = 0;
        return await ContentsCodec.ReadAsync(file, cancellationToken);
    }
}
