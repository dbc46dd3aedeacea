using System.Globalization;
using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Jobs.Wal.Checks;

/// <summary>Role, clock, and what replication needs at all.</summary>
internal static class ServerRules
{
    private static readonly TimeSpan ClockNoticed = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ClockHarmful = TimeSpan.FromMinutes(5);

    public static IEnumerable<WalFinding> Find(WalCheckSubject subject)
    {
        var facts = subject.Facts;
        yield return facts.IsSuperuser || facts.MayReplicate
            ? new WalFinding("role", CheckStatus.Ok, $"Role {subject.Role} may replicate.")
            : new WalFinding("role", CheckStatus.Fail, $"Role {subject.Role} may not replicate: run ALTER ROLE \"{subject.Role}\" REPLICATION;");
        yield return facts.Setting("wal_level") is "replica" or "logical"
            ? new WalFinding("wal_level", CheckStatus.Ok, $"wal_level is {facts.Setting("wal_level")}.")
            : new WalFinding("wal_level", CheckStatus.Fail, $"wal_level is {facts.Setting("wal_level")}, which is too little for base backups and log: run ALTER SYSTEM SET wal_level = 'replica'; and restart the server.");
        yield return Senders(subject);
        yield return facts.InRecovery
            ? new WalFinding("standby", CheckStatus.Warn, "The server is a standby: its slot does not exist on the primary, and what the standby has not received cannot be archived; name the primary, or an address that follows it.")
            : new WalFinding("standby", CheckStatus.Ok, "The server is no standby.");
        var off = facts.ClockDifference.Duration();
        var sentence = string.Create(CultureInfo.InvariantCulture, $"The server's clock differs by {off.TotalSeconds:0.0} s from this machine's");
        yield return off < ClockNoticed
            ? new WalFinding("clock", CheckStatus.Ok, sentence + ".")
            : new WalFinding("clock", off < ClockHarmful ? CheckStatus.Warn : CheckStatus.Fail, sentence + ": times of recovery points would mislead; let both follow NTP.");
    }

    private static WalFinding Senders(WalCheckSubject subject)
    {
        var (most, used) = (subject.Number("max_wal_senders"), subject.Facts.Senders);
        var isReceiving = subject.Slot is { Active: true };
        // A receiver, and a base backup beside it.
        var wanted = used + (isReceiving ? 1 : 2);
        var fix = $"run ALTER SYSTEM SET max_wal_senders = {Math.Max(10, wanted)}; and restart the server.";
        var state = $"max_wal_senders is {most}, {used} in use";
        return most >= wanted ? new WalFinding("senders", CheckStatus.Ok, state + ".")
            : most <= used && !isReceiving ? new WalFinding("senders", CheckStatus.Fail, $"{state}: nothing can be received; {fix}")
            : new WalFinding("senders", CheckStatus.Warn, $"{state}: a receiver and a base backup do not fit beside each other; {fix}");
    }
}
