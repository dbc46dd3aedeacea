using BackupFunctions.Catalog.Sources;
using BackupFunctions.Contracts;
using BackupFunctions.Jobs.Backup;

namespace BackupFunctions.Jobs.Wal.Push;

/// <summary>
/// Archives a file of a server's log for its archive_command, and with it the others that wait, side by side. It returns when the file is
/// durable: read back from the required number of targets. Safe to repeat at any time.
/// </summary>
public static class WalPush
{
    /// <param name="environment">Settings with public keys and the signing key.</param>
    /// <param name="dataFolder">The server's data directory.</param>
    /// <param name="path">%p.</param>
    /// <param name="stateFolder">Of this server; what is durable is remembered here, and ciphertext on its way.</param>
    /// <param name="options">How much of what waits is taken on.</param>
    /// <param name="cancellationToken">Ends it; what was remembered stays durable.</param>
    /// <exception cref="PgdrException">
    /// The file is not known to be durable: copies.missing; wal.differs: another content is, under the same name; object.damaged: it is not what its name says.
    /// </exception>
    public static async Task<WalPushResult> RunAsync(
        JobEnvironment environment, string dataFolder, string path, string stateFolder, WalPushOptions options, CancellationToken cancellationToken)
    {
        var server = ServerFiles.Open(dataFolder);
        var file = server.Find(path);
        using var state = await PushState.OpenAsync(stateFolder, environment.Time, cancellationToken);
        if (await IsDurableAsync(state, file, server, cancellationToken))
        {
            return new WalPushResult { File = file.Name };
        }

        var settings = environment.Settings;
        using var signing = KeyLoader.Signing(settings.Keys);
        var keys = new WalWriterKeys(KeyLoader.Recipients(settings.Keys), signing);
        using var spool = WalSpoolFolder.Create(state.Folder);
        var writer = new WalWriterSettings(settings.ClusterName, BackupCompression.OfLog(settings), settings.RequiredCopies, spool.Path, environment.Time);
        var targets = new WalTargets(environment.OpenTargets(), settings.RequiredCopies, environment.Time);
        using var epochs = new PushEpochs(writer, keys, targets, server, environment);
        state.Forget(environment.Time);
        var batch = new PushBatch(server, state, epochs, options, environment.Time);
        await batch.RunAsync(file, cancellationToken);
        return new WalPushResult { File = file.Name, Pushed = batch.Pushed, LogSize = batch.LogSize, StoredSize = batch.StoredSize, FailedTargets = targets.Failed };
    }

    private static async Task<bool> IsDurableAsync(PushState state, PushFile file, ServerFiles server, CancellationToken cancellationToken)
    {
        if (state.Find(file.Name, server.SystemIdentifier) is not { } mark)
        {
            return false;
        }

        var stamp = FileStamp.Of(file.Path).ToString();
        if (string.Equals(stamp, mark.Stamp, StringComparison.Ordinal))
        {
            return true;
        }

        // Copied, or restored: only its content tells.
        await using var content = PushContent.Open(file, server);
        await content.Stream.CopyToAsync(Stream.Null, cancellationToken);
        if (!string.Equals(content.Stream.Hash, mark.Hash, StringComparison.Ordinal))
        {
            throw new PgdrException(
                ErrorCodes.WalDiffers,
                $"{file.Name} was archived with another content: two servers write as one, or this one was set back; it was not archived again. Give the server that goes on a timeline of its own (promote it), or remove {state.MarkOf(file.Name)} when the archived one is of no use.");
        }

        state.Remember(file.Name, mark with { Stamp = stamp });
        return true;
    }
}
