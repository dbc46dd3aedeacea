using System.Globalization;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Postgres.Servers;

namespace BackupFunctions.Postgres.Merge;

/// <summary>
/// One table of a merge, and the statements about it. Rows of the backup are staged in a temporary table of the live database with columns
/// c1, c2 and so on, so that the server itself compares keys, by the operators and collations of its own index.
/// </summary>
internal sealed class MergeTable
{
    private readonly MergePolicy _policy;
    private readonly string? _ownRows;

    /// <param name="number">Names the temporary tables.</param>
    /// <param name="live">The table that is written to.</param>
    /// <param name="backup">The same table of the backup.</param>
    /// <param name="columns">Those that both sides have and that take values, of the live table.</param>
    /// <param name="key">By which rows are recognized; null: by all columns.</param>
    /// <param name="policy">Which side wins.</param>
    /// <param name="newest">Its column, of the live table.</param>
    /// <param name="ownRows">True for live rows "l" of the tenant, as SQL; null: there is no tenant.</param>
    public MergeTable(
        int number, MergeRelation live, MergeRelation backup, IReadOnlyList<MergeColumn> columns, MergeIndex? key, MergePolicy policy, MergeColumn? newest, string? ownRows)
    {
        (Live, Backup, Columns, Key, _policy, Newest, _ownRows) = (live, backup, columns, key, policy, newest, ownRows);
        Stage = string.Create(CultureInfo.InvariantCulture, $"pg_temp.pgdr_stage_{number}");
        Writes = string.Create(CultureInfo.InvariantCulture, $"pg_temp.pgdr_writes_{number}");
    }

    public MergeRelation Live { get; }

    public MergeRelation Backup { get; }

    public IReadOnlyList<MergeColumn> Columns { get; }

    public MergeIndex? Key { get; }

    public MergeColumn? Newest { get; }

    /// <summary>All rows of the backup.</summary>
    public string Stage { get; }

    /// <summary>Those of them that are written; "added" tells inserts from updates.</summary>
    public string Writes { get; }

    public bool HasTenant => _ownRows is not null;

    /// <summary>The columns of the backup, in the order of the stage.</summary>
    public string Names => string.Join(", ", Columns.Select(static column => Sql.Identifier(column.Name)));

    public string StageNames => string.Join(", ", Columns.Select((_, at) => Staged(at)));

    private IEnumerable<(MergeColumn Column, int At)> Values =>
        Columns.Select(static (column, at) => (column, at)).Where(each => Key?.Columns.Contains(each.column.Name, StringComparer.Ordinal) != true);

    private string Own => _ownRows is null ? "true" : $"coalesce({_ownRows}, false)";

    // Compared as the server writes them: types without an equality (json), and values that are equal and not the same (1.0 and 1.00).
    private string Differs => Values.Any() ? $"({StageText(Values)} <> {LiveText(Values)})" : "false";

    private string Wins => _policy switch
    {
        MergePolicy.Overwrite => "true",
        MergePolicy.Newest => $"(s.{Staged(Newest!.Name)} is not null and (l.{Sql.Identifier(Newest.Name)} is null or coalesce(s.{Staged(Newest.Name)} {Newest.Greater} l.{Sql.Identifier(Newest.Name)}, false)))",
        _ => "false",
    };

    public string Staged(string column)
    {
        for (var at = 0; at < Columns.Count; at++)
        {
            if (string.Equals(Columns[at].Name, column, StringComparison.Ordinal))
            {
                return Staged(at);
            }
        }

        throw new ArgumentException("Not a column of the merge.", nameof(column));
    }

    public bool Has(string column) => Columns.Any(each => string.Equals(each.Name, column, StringComparison.Ordinal));

    public string CreateStage() => $"create temporary table {TemporaryName(Stage)} as select {string.Join(", ", Columns.Select((column, at) => $"{Sql.Identifier(column.Name)} as {Staged(at)}"))} from {Live.Rows} with no data";

    /// <summary>Keys that the backup has more than once.</summary>
    public string CountRepeated() =>
        $"select count(*) from (select from {Stage} s group by {string.Join(", ", Key!.Columns.Select(column => "s." + Staged(column)))} having count(*) > 1) repeated";

    /// <summary>Keys that a live row of another tenant has.</summary>
    public string CountForeign() => $"select count(*) from {Stage} s join {Live.Rows} l on {Match("s", "l", Key!)} where not {Own}";

    public string CreateWrites() => Key is { } key
        ? $"create temporary table {TemporaryName(Writes)} as select s.*, l.ctid is null as added from {Stage} s left join {Live.Rows} l on {Match("s", "l", key)} where l.ctid is null or ({Differs} and {Wins})"
        : $"""
            create temporary table {TemporaryName(Writes)} as
            select {string.Join(", ", Columns.Select((_, at) => "s." + Staged(at)))}, true as added
            from (select s.*, {StageText(All)} as whole, row_number() over (partition by {StageText(All)}) as copy from {Stage} s) s
              left join (select {LiveText(All)} as whole, count(*) as copies from {Live.Rows} l where {Own} group by 1) l on l.whole = s.whole
            where s.copy > coalesce(l.copies, 0)
            """;

    /// <summary>Rows of the backup, live rows, and by key: in both and different.</summary>
    public string Count() => $"""
        select (select count(*) from {Stage}), (select count(*) from {Live.Rows} l where {Own}),
               (select count(*) filter (where w.added) from {Writes} w), (select count(*) filter (where not w.added) from {Writes} w),
               {(Key is { } key ? $"(select count(*) from {Stage} s join {Live.Rows} l on {Match("s", "l", key)} where {Differs} and not {Wins})" : "0::bigint")}
        """;

    public string CountLive() => $"select count(*) from {Live.Rows} l where {Own}";

    /// <summary>Written rows that are now not the tenant's.</summary>
    public string CountWrittenForeign() => $"select count(*) from {Writes} w join {Live.Rows} l on {Match("w", "l", Key!)} where not {Own}";

    /// <summary>Rows to write whose values of another unique index a live row has that stays as it is.</summary>
    public string CountTaken(MergeIndex index)
    {
        var stays = Key is { } key
            ? $"not exists (select from {Writes} s where {Match("s", "l", key)})"
            : "true";
        return $"select count(*) from {Writes} w join {Live.Rows} l on {Match("w", "l", index)} where {stays}";
    }

    public string Insert() =>
        $"insert into {Sql.Identifier(Live.Schema)}.{Sql.Identifier(Live.Name)} ({Names}) overriding system value select {StageNames} from {Writes} w where w.added";

    /// <summary>Null: there are no columns beside the key.</summary>
    public string? Update() => Key is { } key && Values.Any()
        ? $"update {Live.Rows} l set {string.Join(", ", Values.Select(each => $"{Sql.Identifier(each.Column.Name)} = w.{Staged(each.At)}"))} from {Writes} w where not w.added and {Match("w", "l", key)}"
        : null;

    /// <summary>A row of a temporary table and one of the live table have the same values, by the operators of the index.</summary>
    public string Match(string staged, string live, MergeIndex index) => string.Join(
        " and ", index.Columns.Zip(index.Operators, (column, equals) => $"{staged}.{Staged(column)} {equals} {live}.{Sql.Identifier(column)}"));

    private IEnumerable<(MergeColumn Column, int At)> All => Columns.Select(static (column, at) => (column, at));

    private static string Staged(int at) => string.Create(CultureInfo.InvariantCulture, $"c{at + 1}");

    private static string StageText(IEnumerable<(MergeColumn Column, int At)> columns) => $"concat(row({string.Join(", ", columns.Select(static each => "s." + Staged(each.At)))})) collate \"C\"";

    private static string LiveText(IEnumerable<(MergeColumn Column, int At)> columns) =>
        $"concat(row({string.Join(", ", columns.Select(static each => "l." + Sql.Identifier(each.Column.Name)))})) collate \"C\"";

    // A temporary table is made by its name alone.
    private static string TemporaryName(string table) => table["pg_temp.".Length..];
}
