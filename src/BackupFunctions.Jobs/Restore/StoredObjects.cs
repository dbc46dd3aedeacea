using BackupFunctions.Archive.Manifests;
using BackupFunctions.Catalog;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Files;
using BackupFunctions.Storage.Failover;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Jobs.Restore;

/// <summary>Single objects of a backup straight from storage, outside of a recovery.</summary>
internal sealed class StoredObjects(JobEnvironment environment, BackupReader reader)
{
    /// <summary>The contents of a dump, before anything else of it is fetched.</summary>
    /// <param name="stored">The backup.</param>
    /// <param name="targets">Those that have all of it, the first to read from first.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="Contracts.PgdrException">As a fetch.</exception>
    public async Task<BackupContents> ReadContentsAsync(StoredManifest stored, IReadOnlyList<string> targets, CancellationToken cancellationToken)
    {
        var item = stored.Manifest.Objects.First(item => string.Equals(item.Role, "contents", StringComparison.Ordinal));
        await using var file = await FetchAsync(stored, item, targets, cancellationToken);
        return await ContentsCodec.ReadAsync(file, cancellationToken);
    }

    /// <summary>
    /// All of one object, decrypted and authentic, from its start. A file, for it may be large; deleted as it is made, for it is plaintext.
    /// </summary>
    /// <param name="stored">The backup.</param>
    /// <param name="item">Its object.</param>
    /// <param name="targets">Where to read from; null: all that have the backup, in reading order.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<FileStream> FetchAsync(StoredManifest stored, ManifestObject item, IReadOnlyList<string>? targets, CancellationToken cancellationToken)
    {
        var manifest = stored.Manifest;
        using var key = reader.PrivateKeys.Unwrap(manifest.Recipients);
        var failover = new FailoverReader(
            targets is null
                ? await ReadableCopies.OfAsync(reader, stored, environment.Reporter, cancellationToken)
                : [.. targets.Select(name => reader.Targets.First(target => string.Equals(target.Name, name, StringComparison.Ordinal)))],
            new FailoverReaderOptions
            {
                HedgeDelay = environment.Settings.ReadHedgeDelay,
                HealthStore = reader.Health,
                OnFailover = switched => environment.Reporter.Failover(switched.ToString()),
            },
            environment.Loggers.CreateLogger<FailoverReader>());
        JobFolders.Prepare(environment.Settings.WorkPath, "WORK_PATH");

        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        var file = new FileStream(Path.Combine(environment.Settings.WorkPath, $"pgdr-object-{Guid.NewGuid():N}"), options);
        try
        {
            await new ObjectFetcher(manifest, key, failover, environment.Reporter).FetchAsync(
                item,
                async (plain, token) =>
                {
                    file.SetLength(0);
                    await plain.CopyToAsync(file, token);
                },
                cancellationToken);
            file.Position = 0;
            return file;
        }
        catch (Exception e)
        {
            await file.DisposeAsync();
            if (JobFolders.IsFileFailure(e))
            {
                throw JobFolders.Explain(environment.Settings.WorkPath, "WORK_PATH", e);
            }

            throw;
        }
    }
}
