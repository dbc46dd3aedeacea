using System.Globalization;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Replication;
using BackupFunctions.Postgres.Servers;

namespace BackupFunctions.Jobs.Wal.Gaps;

/// <summary>
/// Where a receiver begins: where storage ends, if the server still has the log from there on, whatever became of the slot; else where the
/// slot stands, and then there is a gap. Decided by what is stored, so that a crash at any moment finds the same gap again.
/// </summary>
internal sealed class LogBeginning(ServerConnection server, StoredEnd stored, TimeProvider time)
{
    /// <param name="system">The server as it is now.</param>
    /// <param name="line">Its timelines.</param>
    /// <param name="slot">Its log from here on is reserved.</param>
    /// <param name="safe">What this run knows to be safe, perhaps more is; 0: nothing yet.</param>
    /// <param name="cause">Why the slot is where it is.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<(ulong From, WalGap? Gap)> FindAsync(
        ReplicationSystem system, ServerLine line, ulong slot, ulong safe, WalGapCause cause, CancellationToken cancellationToken)
    {
        var size = (ulong)system.SegmentSize;
        var first = slot / size * size;

        // What a run knows to be safe may be old when its connection broke; the targets know.
        if (first <= safe || first == 0 || await stored.HasAsync(system.SystemIdentifier, line, first, system.SegmentSize, cancellationToken))
        {
            return (Math.Max(slot, safe), null);
        }

        var known = await stored.FindAsync(system.SystemIdentifier, line, system.SegmentSize, cancellationToken);
        return known is not { } end || end >= first ? (slot, null)
            : await HasAsync(line.At(end), end / size * size, cancellationToken) ? (end, null)
            : (slot, new WalGap
            {
                Id = string.Create(CultureInfo.InvariantCulture, $"{system.SystemIdentifier}-{line.At(end):X8}-{end:X16}"),
                FromTimeline = line.At(end),
                FromLsn = Lsn.Format(end),
                ToTimeline = line.At(first),
                ToLsn = Lsn.Format(first),
                Cause = cause,
                FoundAt = time.GetUtcNow(),
            });
    }

    /// <summary>Asks for the log itself: who may replicate need not be allowed to look into the server's folder.</summary>
    private async Task<bool> HasAsync(int timeline, ulong position, CancellationToken cancellationToken)
    {
        await using var receiver = await WalReceiver.OpenAsync(server, cancellationToken);
        try
        {
            await foreach (var _ in receiver.ReceiveAsync(slot: null, timeline, position, cancellationToken))
            {
                break;
            }

            return true;
        }
        catch (PgdrException e) when (e.Code == ErrorCodes.WalMissing)
        {
            return false;
        }
    }
}
