using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Dump;
using BackupFunctions.Postgres.Restore;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tools;

namespace BackupFunctions.Postgres.Tenants;

/// <summary>One tenant's rows into a scratch database: structure without keys, rows, then keys, triggers and policies, sequences, materialised views.</summary>
public static class TenantRestore
{
    /// <exception cref="PgdrException">As <see cref="DatabaseRestore.RunAsync"/>.</exception>
    public static async Task<RestoreOutcome> RunAsync(
        PgTools tools,
        ServerConnection server,
        string folder,
        string scratchName,
        BackupContents contents,
        int jobs,
        IProgress<RestoreProgress>? progress,
        CancellationToken cancellationToken)
    {
        var tenant = contents.Tenant!;
        var way = await DatabaseRestore.CheckAsync(tools, server, folder, cancellationToken);
        var entries = await ArchiveToc.ReadAsync(tools, folder, cancellationToken);
        var restore = new ArchiveSections(way, tools, server, folder, scratchName);
        await restore.RunAsync("pre-data", list: null, jobs: 1, cancellationToken);
        await TenantLoad.RunAsync(server, scratchName, folder, contents, jobs, progress, cancellationToken);

        var keys = new NotValidKeys(tenant.LeftOut);
        var list = Path.Combine(folder, "post-data.list");
        await File.WriteAllLinesAsync(list, entries.Where(entry => !keys.Has(entry)).Select(static entry => entry.Line), cancellationToken);
        await restore.RunAsync("post-data", list, jobs, cancellationToken);
        var warnings = await FinishAsync(server, scratchName, contents, keys, cancellationToken);
        return new RestoreOutcome(
            entries.Count,
            tools.Versions[PgTools.PgRestoreName],
            [.. tools.SecurityWarnings, .. LeftOut(entries), .. warnings]);
    }

    private static async Task<IReadOnlyList<string>> FinishAsync(
        ServerConnection server, string scratchName, BackupContents contents, NotValidKeys keys, CancellationToken cancellationToken)
    {
        await using var connection = await ComparisonConnection.OpenAsync(server, scratchName, cancellationToken);
        foreach (var sequence in contents.Sequences)
        {
            await connection.QueryAsync(
                "select setval($1::regclass, $2, $3)", static row => row.GetInt64(0), cancellationToken, sequence.QualifiedName, sequence.LastValue, sequence.IsCalled);
        }

        var warnings = await keys.AddAsync(connection, cancellationToken);
        await MaterializedViews.FillAsync(connection, contents.Tenant!.MaterializedViews, cancellationToken);
        return warnings;
    }

    private static IEnumerable<string> LeftOut(IEnumerable<ArchiveEntry> contents) =>
        contents.Where(static entry => entry.Kind == ArchiveEntryKind.Subscription)
            .Select(static entry => $"The subscription {entry.Description} was left out: it is for the whole database.");
}
