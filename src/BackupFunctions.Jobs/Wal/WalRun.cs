using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Wal.Gaps;
using BackupFunctions.Jobs.Wal.Inventories;
using BackupFunctions.Postgres.Replication;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tools;
using BackupFunctions.Storage;
using BackupFunctions.Storage.FanOut;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Jobs.Wal;

/// <summary>One run of a receiver: timeline after timeline, each over a connection and in an epoch of its own.</summary>
internal sealed class WalRun
{
    private static readonly TimeSpan ClosingPatience = TimeSpan.FromSeconds(10);

    private readonly JobEnvironment _environment;
    private readonly ReceiveWalParameters _parameters;
    private readonly ServerConnection _server;
    private readonly WalWriterSettings _writer;
    private readonly WalWriterKeys _keys;
    private readonly WalTargets _targets;
    private readonly ILogger<FanOutSession> _logger;
    private readonly ReceiverSlot _slot;
    private readonly LogBeginning _beginning;
    private bool _isWritten;
    private string? _systemIdentifier;
    private ulong? _until;

    public WalRun(
        JobEnvironment environment, ReceiveWalParameters parameters, ServerConnection server, WalWriterSettings writer, WalWriterKeys keys, WalTargets targets)
    {
        (_environment, _parameters, _server, _writer, _keys, _targets) = (environment, parameters, server, writer, keys, targets);
        _logger = environment.Loggers.CreateLogger<FanOutSession>();
        _slot = new ReceiverSlot(environment, server);
        _beginning = new LogBeginning(server, new StoredEnd(writer.Cluster, targets.All, writer.RequiredCopies), environment.Time);
        Result = new ReceiveWalResult { Server = parameters.Server };
    }

    public ReceiveWalResult Result { get; private set; }

    /// <summary>The server at that address is another cluster than at the start of the run.</summary>
    public bool IsAnotherSystem { get; private set; }

    /// <summary>How often inventories are written.</summary>
    public InventoryPace Pace { get; init; } = InventoryPace.Default;

    private ulong Safe => Result.SafeLsn is { } lsn ? Lsn.Parse(lsn) : 0;

    /// <summary>From where the slot stands to the end of that timeline, or to where this run shall end.</summary>
    /// <returns>False: what was asked for is safe.</returns>
    public async Task<bool> NextTimelineAsync(CancellationToken cancellationToken)
    {
        await using var receiver = await WalReceiver.OpenAsync(_server, cancellationToken);

        // Before the server says how far this run shall go: then the run's end is behind it.
        var moment = await LookAsync(cancellationToken);
        var system = await receiver.IdentifyAsync(cancellationToken);
        RequireSameSystem(system);
        _until ??= _parameters.Continuous ? null : system.FlushedLsn;
        var slot = await _slot.EnsureAsync(cancellationToken);
        var line = new ServerLine(system.Timeline, await AncestorsAsync(system.Timeline, cancellationToken));
        var patience = new WalPatience(_parameters.Continuous, _environment.Reporter, _environment.Time);
        var (from, gap) = await patience.TryAsync(token => BeginAsync(system, line, slot.RestartLsn ?? system.FlushedLsn, token), cancellationToken);
        Report(gap);
        var timeline = line.At(from);
        Result = Result with { SystemIdentifier = system.SystemIdentifier, Timeline = timeline, ServerLsn = Lsn.Format(system.FlushedLsn), SafeLsn = Lsn.Format(from) };
        if (gap is null && _until is { } until && until <= from && timeline == system.Timeline)
        {
            await StateCoverageAsync(system, from, line.Ancestors, moment, cancellationToken);
            return false;
        }

        await ReceiveAsync(
            receiver, system, timeline, from / (ulong)system.SegmentSize * (ulong)system.SegmentSize, line.Ancestors, gap, timeline == system.Timeline ? moment : null,
            cancellationToken);
        return _until is not { } end || Safe < end || Result.Timeline != system.Timeline;
    }

    /// <summary>
    /// A folder that was never written to is not told from a disk that is not mounted. So an epoch without anything in it is written when the
    /// targets do not say what they have; those that take it can be asked.
    /// </summary>
    private async Task<(ulong From, WalGap? Gap)> BeginAsync(ReplicationSystem system, ServerLine line, ulong slot, CancellationToken cancellationToken)
    {
        try
        {
            return await FindAsync();
        }
        catch (StorageException) when (!_isWritten)
        {
            (await OpenEpochAsync(system, slot / (ulong)system.SegmentSize * (ulong)system.SegmentSize, line.At(slot), line.Ancestors, gap: null, cancellationToken)).Dispose();
            _isWritten = true;
            return await FindAsync();
        }

        Task<(ulong From, WalGap? Gap)> FindAsync() =>
            _beginning.FindAsync(system, line, slot, Safe, _slot.MadeBecause ?? WalGapCause.SlotMoved, cancellationToken);
    }

    /// <summary>Log is received whether the server tells its time or not.</summary>
    private async Task<ServerMoment?> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ServerMoments.ReadAsync(_server, cancellationToken);
        }
        catch (PgdrException e)
        {
            _environment.Reporter.Warn($"No time behind the last transaction can be recovered to: {e.Message}");
            return null;
        }
    }

    private async Task ReceiveAsync(
        WalReceiver receiver, ReplicationSystem system, int timeline, ulong start, IReadOnlyList<TimelineSwitch> ancestors, WalGap? gap,
        ServerMoment? moment, CancellationToken cancellationToken)
    {
        var patience = new WalPatience(_parameters.Continuous, _environment.Reporter, _environment.Time);
        using var epoch = await patience.TryAsync(token => OpenEpochAsync(system, start, timeline, ancestors, gap, token), cancellationToken);
        _slot.Begun();
        var writer = new WalWriter(_writer, epoch, _targets, _environment.Reporter, _logger);
        var inventory = InventoryOf(epoch, moment);
        if (timeline > 1)
        {
            var history = await HistoryAsync(timeline, cancellationToken);
            inventory.Add(await patience.TryAsync(token => writer.PutHistoryAsync(timeline, history.Content, token), cancellationToken), start, start);
        }

        var settings = new TimelineIntakeSettings(
            _writer.Folder, timeline, start, system.SegmentSize, _environment.Settings.Wal.PushInterval, timeline == system.Timeline ? _until : null, _environment.Time);
        var intake = new TimelineIntake(settings, writer, inventory, patience, _environment.Reporter, receiver.ConfirmAsync);
        try
        {
            var safe = await intake.RunAsync(receiver.ReceiveAsync(_environment.Settings.Wal.Slot, timeline, start, cancellationToken), cancellationToken);
            Result = Result with { SafeLsn = Lsn.Format(Math.Max(safe, Safe)) };
            await patience.TryAsync(token => inventory.CloseAsync(safe, token), cancellationToken);
            if (settings.Until is null)
            {
                await RequireEndOfTimelineAsync(timeline, safe, cancellationToken);
            }
        }
        finally
        {
            await CloseAsync(inventory, intake.Safe);
            Result = Result with
            {
                Segments = Result.Segments + intake.Counts.Segments,
                Partials = Result.Partials + intake.Counts.Partials,
                StoredSize = Result.StoredSize + intake.Counts.StoredBytes,
                LogSize = Result.LogSize + intake.Counts.LogBytes,
                FailedTargets = _targets.Failed,
            };
        }
    }

    /// <summary>Nothing is new: only that this is so is written, so that a time behind the last transaction can be recovered to.</summary>
    private async Task StateCoverageAsync(
        ReplicationSystem system, ulong position, IReadOnlyList<TimelineSwitch> ancestors, ServerMoment? moment, CancellationToken cancellationToken)
    {
        if (moment is not null && moment.FlushedLsn <= position)
        {
            var patience = new WalPatience(_parameters.Continuous, _environment.Reporter, _environment.Time);
            using var epoch = await patience.TryAsync(token => OpenEpochAsync(system, position, system.Timeline, ancestors, gap: null, token), cancellationToken);
            var inventory = InventoryOf(epoch, moment);
            await patience.TryAsync(token => inventory.CloseAsync(position, token), cancellationToken);
        }
    }

    private Task<OpenEpoch> OpenEpochAsync(
        ReplicationSystem system, ulong start, int timeline, IReadOnlyList<TimelineSwitch> ancestors, WalGap? gap, CancellationToken cancellationToken) =>
        OpenEpoch.CreateAsync(
            _writer, _keys, system, start, timeline, [.. ancestors.TakeWhile(ancestor => ancestor.Timeline < timeline)], gap, Session(), cancellationToken);

    private EpochInventory InventoryOf(OpenEpoch epoch, ServerMoment? moment) =>
        new(epoch.Document, _writer, _keys, moment, Pace, token => ServerMoments.ReadAsync(_server, token), Session);

    private FanOutSession Session() => new(_targets.Usable(), _writer.RequiredCopies, _logger);

    /// <summary>Also of a run that was ended, which may not wait for long: what it does not list is authentic all the same.</summary>
    private async Task CloseAsync(EpochInventory inventory, ulong safe)
    {
        using var patience = new CancellationTokenSource(ClosingPatience, _environment.Time);
        try
        {
            await inventory.CloseAsync(safe, patience.Token);
        }
        catch (Exception e) when (e is StorageException or OperationCanceledException)
        {
            _environment.Reporter.Warn($"The last log archived is on no inventory: {e.Message}");
        }
    }

    /// <summary>Before it is recorded: a crash in between finds and reports it again, by the same id.</summary>
    private void Report(WalGap? gap)
    {
        if (gap is null)
        {
            return;
        }

        if (!Result.Gaps.Any(known => string.Equals(known.Id, gap.Id, StringComparison.Ordinal)))
        {
            Result = Result with { Gaps = [.. Result.Gaps, gap] };
        }

        _environment.Reporter.Warn($"CRITICAL: {GapSentences.Of(gap)}");
        _environment.Reporter.NeedBase(gap.Id);
    }

    /// <summary>A stream that ends says nothing by itself: the child's history says where the timeline ended.</summary>
    private async Task RequireEndOfTimelineAsync(int timeline, ulong safe, CancellationToken cancellationToken)
    {
        await using var receiver = await WalReceiver.OpenAsync(_server, cancellationToken);
        var system = await receiver.IdentifyAsync(cancellationToken);
        var ancestors = await AncestorsAsync(system.Timeline, cancellationToken);
        if (ancestors.FirstOrDefault(ancestor => ancestor.Timeline == timeline)?.EndLsn != safe)
        {
            throw new PgdrException(
                ErrorCodes.ServerUnreachable,
                $"Server '{_server.Name}' ended its log at {Lsn.Format(safe)} of timeline {timeline}, which is not where that timeline ended: receiving begins again.");
        }
    }

    private void RequireSameSystem(ReplicationSystem system)
    {
        if (_systemIdentifier is { } known && !string.Equals(known, system.SystemIdentifier, StringComparison.Ordinal))
        {
            IsAnotherSystem = true;
            throw new PgdrException(
                ErrorCodes.WalMissing,
                $"Server '{_server.Name}' is another cluster now (system identifier {system.SystemIdentifier}, before {known}): start the receiver anew, and take a base backup.");
        }

        _systemIdentifier = system.SystemIdentifier;
    }

    private async Task<IReadOnlyList<TimelineSwitch>> AncestorsAsync(int timeline, CancellationToken cancellationToken) =>
        timeline == 1 ? [] : (await HistoryAsync(timeline, cancellationToken)).Ancestors;

    private async Task<TimelineHistory> HistoryAsync(int timeline, CancellationToken cancellationToken)
    {
        var probe = await ServerProbe.RunAsync(_server, cancellationToken);
        var tools = await PgTools.FindAsync(probe.Major, _environment.Settings.PostgresBinaries, cancellationToken);
        return await TimelineHistoryReader.ReadAsync(tools, _server, timeline, cancellationToken);
    }
}
