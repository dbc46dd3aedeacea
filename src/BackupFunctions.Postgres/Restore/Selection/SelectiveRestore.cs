using System.Globalization;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Dump;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tenants;
using BackupFunctions.Postgres.Tools;
using Npgsql;

namespace BackupFunctions.Postgres.Restore.Selection;

/// <summary>
/// Some tables of a dump into a scratch database. pg_restore --table brings nothing that a table needs, so all of the structure comes first,
/// rows of the selected tables only, keys and indexes, and then the other tables go again.
/// </summary>
public static class SelectiveRestore
{
    internal const string EmptyDigest = "00000000000000000000000000000000";
    private const int Shown = 5;
    private const string ViewData = "MATERIALIZED VIEW DATA ";

    private const string Views = """
        select n.nspname || ' ' || c.relname || ' ' from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'm'
        """;

    /// <summary>Touches nothing.</summary>
    /// <exception cref="PgdrException">settings.invalid: the backup has no such table.</exception>
    public static async Task CheckAsync(
        PgTools tools, string folder, BackupContents contents, TableSelection selection, CancellationToken cancellationToken) =>
        TableMatch.Check(selection, contents, await ArchiveToc.ReadAsync(tools, folder, cancellationToken));

    /// <exception cref="PgdrException">As <see cref="DatabaseRestore.RunAsync"/>; settings.invalid: the backup has no such table.</exception>
    public static async Task<SelectiveOutcome> RunAsync(
        PgTools tools,
        ServerConnection server,
        string folder,
        string scratchName,
        BackupContents contents,
        TableSelection selection,
        int jobs,
        IProgress<RestoreProgress>? progress,
        CancellationToken cancellationToken)
    {
        var way = await DatabaseRestore.CheckAsync(tools, server, folder, cancellationToken);
        var entries = await ArchiveToc.ReadAsync(tools, folder, cancellationToken);
        var restore = new ArchiveSections(way, tools, server, folder, scratchName);
        var rows = new ArchiveSections(way, tools, server, folder, scratchName) { Progress = progress };
        await restore.RunAsync("pre-data", [.. entries.Where(static entry => !entry.IsOfDatabase)], jobs: 1, cancellationToken);
        await using var connection = await ComparisonConnection.OpenAsync(server, scratchName, cancellationToken);
        var tables = await SelectedTables.ReadAsync(connection, selection, cancellationToken);

        await rows.RunAsync(
            "data",
            [.. entries.Where(entry => entry.Kind == ArchiveEntryKind.SequenceSet || (entry.Kind == ArchiveEntryKind.TableData && tables.MayHold(entry)))],
            jobs,
            cancellationToken);
        await restore.RunAsync(
            "post-data",
            [.. entries.Where(static entry => !entry.IsOfDatabase && !entry.IsForeignKey && !entry.IsConstraintComment && !IsViewData(entry))],
            jobs,
            cancellationToken);
        var keys = await ForeignKeys.ReadAsync(tools, folder, entries, tables, cancellationToken);
        await restore.RunAsync(section: null, keys.Wanted, jobs, cancellationToken);
        var others = await UnselectedTables.DropAsync(connection, tables, cancellationToken);
        await restore.RunAsync(section: null, await ViewsAsync(connection, entries, cancellationToken), jobs: 1, cancellationToken);
        return new SelectiveOutcome(
            new RestoreOutcome(entries.Count, tools.Versions[PgTools.PgRestoreName], [.. tools.SecurityWarnings, .. Warnings(contents, keys, others)]),
            Expected(contents, tables, others),
            await SequencesAsync(connection, contents, cancellationToken),
            tables.Selected.Count(static table => !table.Partitioned));
    }

    private static bool IsViewData(ArchiveEntry entry) => entry.Description.StartsWith(ViewData, StringComparison.Ordinal);

    /// <summary>Materialised views are computed anew when it is known which of them have all of their tables.</summary>
    private static async Task<IReadOnlyList<ArchiveEntry>> ViewsAsync(NpgsqlConnection connection, List<ArchiveEntry> entries, CancellationToken cancellationToken)
    {
        var there = await connection.QueryAsync(Views, static row => ViewData + row.GetString(0), cancellationToken);
        return [.. entries.Where(entry => IsViewData(entry) && there.Exists(view => SelectedTables.Plain(entry.Description).StartsWith(SelectedTables.Plain(view), StringComparison.Ordinal)))];
    }

    private static List<TableDigest> Expected(BackupContents contents, SelectedTables tables, UnselectedTables others)
    {
        var selected = tables.Selected.Select(static table => (table.Schema, table.Name)).ToHashSet();
        var kept = others.Kept.Select(static table => (table.Schema, table.Name)).ToHashSet();
        return
        [
            .. contents.Tables.Where(table => selected.Contains((table.Schema, table.Name))),
            .. contents.Tables.Where(table => kept.Contains((table.Schema, table.Name))).Select(static table => table with { Rows = 0, Digest = EmptyDigest }),
        ];
    }

    private static async Task<IReadOnlyList<SequenceValue>> SequencesAsync(NpgsqlConnection connection, BackupContents contents, CancellationToken cancellationToken)
    {
        var there = await SequenceReader.ReadAsync(connection, contents.Sequences.Select(static sequence => sequence.QualifiedName), cancellationToken);
        return [.. contents.Sequences.Where(sequence => there.ContainsKey(sequence.QualifiedName))];
    }

    private static IEnumerable<string> Warnings(BackupContents contents, ForeignKeys keys, UnselectedTables others)
    {
        if (keys.LeftOut.Count > 0)
        {
            yield return $"Foreign keys to tables that were not selected were left out: {List(keys.LeftOut)}.";
        }

        if (others.Kept.Count > 0)
        {
            yield return $"Tables by which selected ones are defined are there without their rows: {List([.. others.Kept.Select(static table => table.Title)])}.";
        }

        if (others.Views.Count > 0)
        {
            yield return $"Views of tables that were not selected were left out: {List(others.Views)}.";
        }

        if (contents.LargeObjects.Count > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"Large objects were left out ({contents.LargeObjects.Count}): a restore of the whole database brings them.");
        }
    }

    private static string List(IReadOnlyList<string> all) =>
        string.Join(", ", all.Take(Shown)) + (all.Count > Shown ? string.Create(CultureInfo.InvariantCulture, $" and {all.Count - Shown} more") : string.Empty);
}
