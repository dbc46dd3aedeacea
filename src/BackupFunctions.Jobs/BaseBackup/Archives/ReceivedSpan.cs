using BackupFunctions.Jobs.Wal;
using BackupFunctions.Jobs.Wal.Inventories;
using BackupFunctions.Postgres.Replication;
using BackupFunctions.Storage.FanOut;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Jobs.BaseBackup.Archives;

/// <summary>A short span of log, archived as a receiver does: in an epoch of its own, read back, with an inventory.</summary>
internal sealed class ReceivedSpan(JobEnvironment environment, WalWriterSettings settings, WalWriterKeys keys, WalTargets targets)
{
    private readonly ILogger<FanOutSession> _logger = environment.Loggers.CreateLogger<FanOutSession>();

    /// <param name="system">The server.</param>
    /// <param name="timeline">Of the span.</param>
    /// <param name="history">Of that timeline; null: it is the first.</param>
    /// <param name="start">The first byte of a segment.</param>
    /// <param name="stop">Behind the last byte wanted.</param>
    /// <param name="log">From the start on.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Everything before it is safe.</returns>
    public async Task<ulong> ArchiveAsync(
        ReplicationSystem system, int timeline, TimelineHistory? history, ulong start, ulong stop, IAsyncEnumerable<WalData> log, CancellationToken cancellationToken)
    {
        var patience = new WalPatience(continuous: false, environment.Reporter, settings.Time);
        using var epoch = await patience.TryAsync(
            token => OpenEpoch.CreateAsync(settings, keys, system, start, timeline, history?.Ancestors ?? [], gap: null, Session(), token), cancellationToken);
        var writer = new WalWriter(settings, epoch, targets, environment.Reporter, _logger);
        var inventory = new EpochInventory(
            epoch.Document, settings, keys, moment: null, InventoryPace.Default, static _ => Task.FromResult<ServerMoment?>(null), Session);
        if (history is not null)
        {
            inventory.Add(await patience.TryAsync(token => writer.PutHistoryAsync(timeline, history.Content, token), cancellationToken), start, start);
        }

        // The server itself is confirmed nothing: its slot for this span goes with the connection.
        var intake = new TimelineIntake(
            new TimelineIntakeSettings(settings.Folder, timeline, start, system.SegmentSize, environment.Settings.Wal.PushInterval, stop, settings.Time),
            writer, inventory, patience, environment.Reporter, static (_, _) => Task.CompletedTask);
        var safe = await intake.RunAsync(log, cancellationToken);
        await patience.TryAsync(token => inventory.CloseAsync(safe, token), cancellationToken);
        return safe;
    }

    private FanOutSession Session() => new(targets.Usable(), settings.RequiredCopies, _logger);
}
