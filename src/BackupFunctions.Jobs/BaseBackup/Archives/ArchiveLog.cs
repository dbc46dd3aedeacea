using BackupFunctions.Archive.Keys;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Catalog.Sources;
using BackupFunctions.Catalog.Wal;
using BackupFunctions.Contracts;
using BackupFunctions.Jobs.Backup;
using BackupFunctions.Jobs.Wal;
using BackupFunctions.Postgres.BaseBackup;
using BackupFunctions.Postgres.Replication;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tools;

namespace BackupFunctions.Jobs.BaseBackup.Archives;

/// <summary>
/// The log that a base backup needs to become consistent, made safe before the backup exists: what no receiver has archived is received
/// here. The server keeps it meanwhile by a slot that goes with its connection, so that a killed job leaves nothing on the server.
/// </summary>
internal sealed class ArchiveLog : IAsyncDisposable
{
    private readonly JobEnvironment _environment;
    private readonly ServerConnection _server;
    private readonly VerificationKeyRing _keys;
    private readonly string _slot;
    private WalReceiver _receiver;

    private ArchiveLog(JobEnvironment environment, ServerConnection server, VerificationKeyRing keys, WalReceiver receiver, string slot) =>
        (_environment, _server, _keys, _receiver, _slot) = (environment, server, keys, receiver, slot);

    /// <summary>From now on the server keeps its log.</summary>
    /// <exception cref="PgdrException">key.missing: there are no verification keys; replication.refused: it has no slot or connection left; or as <see cref="WalReceiver.OpenAsync"/>.</exception>
    public static async Task<ArchiveLog> ReserveAsync(JobEnvironment environment, ServerConnection server, CancellationToken cancellationToken)
    {
        var keys = KeyLoader.Verification(environment.Settings.Keys);
        var receiver = await WalReceiver.OpenAsync(server, cancellationToken);
        try
        {
            var slot = $"pgdr_archive_{Guid.NewGuid():N}"[..24];
            await receiver.ReserveAsync(slot, cancellationToken);
            return new ArchiveLog(environment, server, keys, receiver, slot);
        }
        catch
        {
            await receiver.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns when the required number of targets hold all of it.</summary>
    /// <param name="backup">What was taken.</param>
    /// <param name="systemIdentifier">Of the server that it was taken from.</param>
    /// <param name="recipients">Can open what is received.</param>
    /// <param name="signing">Signs its epoch and inventory.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="PgdrException">wal.missing: the server has it no more, or went on to another timeline; copies.missing: too few targets took it.</exception>
    public async Task SecureAsync(BaseBackupOutcome backup, string systemIdentifier, IReadOnlyList<RecipientKey> recipients, SigningKey signing, CancellationToken cancellationToken)
    {
        var timeline = backup.Label.Timeline;
        if (backup.StopTimeline != timeline)
        {
            throw new PgdrException(
                ErrorCodes.WalMissing, $"Server '{_server.Name}' went from timeline {timeline} to {backup.StopTimeline} while the archive was taken, so it would need the log of both: take it again.");
        }

        var (system, isReserved) = await IdentifyAsync(cancellationToken);
        if (!string.Equals(system.SystemIdentifier, systemIdentifier, StringComparison.Ordinal))
        {
            throw Missing($"another cluster answers at its address now, {system.SystemIdentifier}", cause: null);
        }

        var (settings, targets) = (_environment.Settings, _environment.OpenTargets());
        var size = (ulong)system.SegmentSize;
        var first = backup.Label.StartLsn / size * size;
        var epochs = new WalEpochs(settings.ClusterName, targets, _keys);
        var stored = new StoredSpan(settings.ClusterName, system.SystemIdentifier, targets, settings.RequiredCopies, epochs);
        var safe = await stored.EndAsync(timeline, first, backup.StopLsn, system.SegmentSize, cancellationToken);
        if (safe < backup.StopLsn)
        {
            using var spool = WalSpoolFolder.Create(settings.WorkPath);
            var writer = new WalWriterSettings(settings.ClusterName, BackupCompression.OfLog(settings), settings.RequiredCopies, spool.Path, _environment.Time);
            var received = new ReceivedSpan(_environment, writer, new WalWriterKeys(recipients, signing), new WalTargets(targets, settings.RequiredCopies, _environment.Time));
            var log = _receiver.ReceiveAsync(isReserved ? _slot : null, timeline, safe / size * size, cancellationToken);
            try
            {
                safe = await received.ArchiveAsync(system, timeline, await HistoryAsync(timeline, cancellationToken), safe / size * size, backup.StopLsn, log, cancellationToken);
            }
            catch (PgdrException e) when (e.Code is ErrorCodes.WalMissing or ErrorCodes.ReplicationRefused)
            {
                throw Missing(e.Message, e);
            }
        }

        if (safe < backup.StopLsn)
        {
            throw Missing($"It ended its log at {Lsn.Format(safe)}.", cause: null);
        }
    }

    public ValueTask DisposeAsync() => _receiver.DisposeAsync();

    /// <summary>A connection that broke while the files were taken took the slot with it: the server may have the log all the same.</summary>
    private async Task<(ReplicationSystem System, bool IsReserved)> IdentifyAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await _receiver.IdentifyAsync(cancellationToken), true);
        }
        catch (PgdrException)
        {
            await _receiver.DisposeAsync();
            _receiver = await WalReceiver.OpenAsync(_server, cancellationToken);
            return (await _receiver.IdentifyAsync(cancellationToken), false);
        }
    }

    private async Task<TimelineHistory?> HistoryAsync(int timeline, CancellationToken cancellationToken)
    {
        if (timeline == 1)
        {
            return null;
        }

        var probe = await ServerProbe.RunAsync(_server, cancellationToken);
        var tools = await PgTools.FindAsync(probe.Major, _environment.Settings.PostgresBinaries, cancellationToken);
        return await TimelineHistoryReader.ReadAsync(tools, _server, timeline, cancellationToken);
    }

    private PgdrException Missing(string why, Exception? cause) => new(
        ErrorCodes.WalMissing,
        $"The archive of server '{_server.Name}' was given up, since it could never be started: the log written while it was taken cannot be had ({why.TrimEnd('.')}); "
        + "raise max_slot_wal_keep_size, or have the server's log archived (Servers__NAME__Wal=continuous), and take it again.",
        cause);
}
