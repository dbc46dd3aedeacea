using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Servers;
using BackupFunctions.Postgres.Replication;
using BackupFunctions.Postgres.Servers;

namespace BackupFunctions.Jobs.Wal.Checks;

/// <summary>Looks at a server's settings for what archiving its log and base backups need. Changes nothing.</summary>
public sealed class WalCheck(JobEnvironment environment)
{
    /// <param name="name">The server's, in the settings.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="PgdrException">settings.invalid: no such server.</exception>
    public async Task<WalCheckResult> RunAsync(string name, CancellationToken cancellationToken)
    {
        var settings = environment.Settings;
        var server = ServerConnections.Named(settings, name);
        var findings = new List<WalFinding>();
        try
        {
            var facts = await ArchivingFactsReader.ReadAsync(server, settings.Wal.Slot, environment.Time, cancellationToken);
            var slot = await PhysicalSlots.FindAsync(server, settings.Wal.Slot, cancellationToken);
            var mode = settings.Servers.Single(each => string.Equals(each.Name, name, StringComparison.Ordinal)).Wal;
            var subject = new WalCheckSubject(name, facts, slot, mode, settings.Wal, server.Username);
            findings.Add(new WalFinding("connect", CheckStatus.Ok, $"The server answers; version {facts.VersionNumber / 10000}."));
            findings.AddRange(ServerRules.Find(subject));
            findings.Add(await ReplicationAsync(server, subject, cancellationToken));
            findings.AddRange(SlotRules.Find(subject));
            findings.AddRange(ArchiveRules.Find(subject));
            findings.AddRange(ContentRules.Find(subject));
        }
        catch (PgdrException e)
        {
            findings.Add(new WalFinding("connect", CheckStatus.Fail, e.Message));
        }

        return new WalCheckResult(name, findings.Max(finding => finding.Status), environment.Time.GetUtcNow(), findings);
    }

    /// <summary>Only a connection tells what pg_hba.conf lets in.</summary>
    private static async Task<WalFinding> ReplicationAsync(ServerConnection server, WalCheckSubject subject, CancellationToken cancellationToken)
    {
        const string Check = "replication";
        if (!subject.Facts.MayReplicate && !subject.Facts.IsSuperuser)
        {
            return new WalFinding(Check, CheckStatus.Fail, "Not tried: the role has no right to replicate.");
        }

        try
        {
            await using var receiver = await WalReceiver.OpenAsync(server, cancellationToken);
            await receiver.IdentifyAsync(cancellationToken);
            return new WalFinding(Check, CheckStatus.Ok, "pg_hba.conf lets the role replicate.");
        }
        catch (PgdrException e)
        {
            var line = subject.Facts.ClientAddress is { } address
                ? $"host replication {server.Username} {address} scram-sha-256"
                : $"local replication {server.Username} scram-sha-256";
            var fix = e.Message.Contains("pg_hba", StringComparison.Ordinal) ? $" The line: {line}, then SELECT pg_reload_conf();" : string.Empty;
            return new WalFinding(Check, CheckStatus.Fail, e.Message + fix);
        }
    }
}
