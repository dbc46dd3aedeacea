using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Tenants;
using Npgsql;

namespace BackupFunctions.Postgres.Merge;

/// <summary>Which tables are merged and how their rows are recognized; refused before anything is read.</summary>
internal sealed class MergePlan
{
    private readonly MergeRequest _request;
    private readonly List<MergeTable> _tables = [];
    private readonly List<string> _warnings = [];
    private readonly Dictionary<(string, string), string> _filters = [];

    private MergePlan(MergeRequest request) => _request = request;

    public IReadOnlyList<MergeTable> Tables => _tables;

    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>By the OIDs of live tables.</summary>
    public IReadOnlyDictionary<long, MergeTable> ByOid => _tables.ToDictionary(static table => table.Live.Oid);

    /// <summary>Which rows "b" of the backup are merged, as SQL.</summary>
    public string FilterOf(MergeTable table) => _filters.GetValueOrDefault((table.Live.Schema, table.Live.Name), "true");

    /// <exception cref="Contracts.PgdrException">merge.refused; tenant.tables as a tenant's backup.</exception>
    public static async Task<MergePlan> MakeAsync(MergeRequest request, NpgsqlConnection live, NpgsqlConnection backup, CancellationToken cancellationToken)
    {
        var plan = new MergePlan(request);
        var own = await plan.OwnRowsAsync(live, "l", cancellationToken);
        var theirs = await plan.OwnRowsAsync(backup, "b", cancellationToken);
        var liveTables = await MergeCatalog.ReadAsync(live, cancellationToken);
        var backupTables = (await MergeCatalog.ReadAsync(backup, cancellationToken)).ToDictionary(static table => (table.Schema, table.Name));
        plan.CheckPatterns(liveTables, backupTables.Values);
        foreach (var table in liveTables.Where(table => plan.Wanted(table.Title)))
        {
            var name = (table.Schema, table.Name);
            if (own is not null && !own.ContainsKey(name))
            {
                continue;
            }

            if (!backupTables.Remove(name, out var stored))
            {
                plan._warnings.Add($"Table {table.Title} is not in the backup; its rows stay.");
                continue;
            }

            if (theirs is not null)
            {
                plan._filters[name] = theirs.TryGetValue(name, out var filter)
                    ? filter
                    : throw MergeErrors.Refused(request.Live, $"table {table.Title} holds rows of tenants, and in the backup it does not; leave that table out.");
            }

            plan.Add(table, stored, own?[name]);
        }

        plan._warnings.AddRange(backupTables.Values.Where(table => own is null && plan.Wanted(table.Title))
            .Where(table => !liveTables.Any(each => each.Schema == table.Schema && each.Name == table.Name))
            .Select(static table => $"Table {table.Title} of the backup is not live; its rows are left out."));
        return plan;
    }

    /// <summary>By table, which rows belong to the tenant; null without a tenant.</summary>
    private async Task<Dictionary<(string Schema, string Name), string>?> OwnRowsAsync(NpgsqlConnection connection, string alias, CancellationToken cancellationToken)
    {
        if (_request.Tenant is not { } tenant)
        {
            return null;
        }

        var rules = _request.Rules ?? throw new ArgumentException("A tenant's merge needs rules.", nameof(connection));
        var plan = await TenantPlan.MakeAsync(connection, await RelationCatalog.ReadAsync(connection, cancellationToken), rules, _request.Live, cancellationToken);
        var predicate = new TenantPredicate(plan.Tables.Select(static table => table.Table), tenant);
        return plan.Tables.Select(static table => table.Table).Where(static table => table.Kind is TenantTableKind.Column or TenantTableKind.ForeignKey)
            .ToDictionary(static table => (table.Schema, table.Name), table => predicate.Of(table, alias));
    }

    private bool Wanted(string title) => _request.Tables.Count == 0 || _request.Tables.Any(pattern => TablePattern.Matches(pattern, title));

    private void CheckPatterns(IReadOnlyList<MergeRelation> live, IReadOnlyCollection<MergeRelation> backup)
    {
        foreach (var pattern in _request.Tables)
        {
            bool Fits(MergeRelation table) => TablePattern.Matches(pattern, table.Title);
            if (!live.Any(Fits) || !backup.Any(Fits))
            {
                throw MergeErrors.Refused(
                    _request.Live, $"no table '{pattern}' is in {(live.Any(Fits) ? "the backup" : "the live database")}; name tables as schema.table, a partition by the table that it is of.");
            }
        }
    }

    private void Add(MergeRelation live, MergeRelation backup, string? own)
    {
        Refuse(live.Obstacles.Count > 0, live, $"{string.Join(", ", live.Obstacles)}; change that, or leave the table out.");
        var columns = Columns(live, backup);
        if (columns.Count == 0)
        {
            _warnings.Add($"Table {live.Title} has no column in common with the backup; it is left out.");
            return;
        }

        var key = live.Indexes.FirstOrDefault(index => index.NotNull && (index.Primary || live.Indexes.All(static each => !each.Primary))
            && index.Columns.All(column => live.Columns.Any(each => each.Name == column && !each.Generated)));
        Refuse(
            key is null && _request.Policy != MergePolicy.AddMissing,
            live,
            "it has no primary key or unique index over columns that cannot be null, so that changed rows cannot be told from new ones; give it one, leave it out, or only add what is missing.");
        Refuse(key?.Columns.FirstOrDefault(column => columns.All(each => each.Name != column)) is not null, live, "its key has a column that the backup does not have; leave it out.");
        // A value of such a column cannot be changed, only given to a new row: it would differ for ever.
        var fixedColumns = columns.Where(column => column.AlwaysIdentity && key?.Columns.Contains(column.Name, StringComparer.Ordinal) == false).ToList();
        if (fixedColumns.Count > 0 && key is not null)
        {
            _warnings.Add($"Column {fixedColumns[0].Name} of table {live.Title} is always made by the server: rows get new values in it.");
            columns.RemoveAll(fixedColumns.Contains);
        }

        MergeColumn? newest = null;
        if (_request.Policy == MergePolicy.Newest)
        {
            newest = columns.FirstOrDefault(column => column.Name == _request.NewestColumn);
            Refuse(newest is null, live, $"it has no column '{_request.NewestColumn}' that tells which row is newer; name the tables that have it, or use another policy.");
        }

        _tables.Add(new MergeTable(_tables.Count + 1, live, backup, columns, key, _request.Policy, newest, own));
    }

    private List<MergeColumn> Columns(MergeRelation live, MergeRelation backup)
    {
        var stored = backup.Columns.ToDictionary(static column => column.Name, StringComparer.Ordinal);
        var columns = new List<MergeColumn>();
        foreach (var column in live.Columns.Where(static column => !column.Generated))
        {
            if (!stored.TryGetValue(column.Name, out var other))
            {
                Refuse(column.Required, live, $"its column {column.Name}, which may not be null and has no default, is not in the backup; give it a default, or leave the table out.");
                _warnings.Add($"Column {column.Name} of table {live.Title} is not in the backup: added rows get its default.");
                continue;
            }

            Refuse(column.Type != other.Type, live, $"its column {column.Name} is of type {column.Type}, in the backup of type {other.Type}; leave the table out, or restore the database beside the live one.");
            columns.Add(column);
        }

        _warnings.AddRange(backup.Columns.Where(column => live.Columns.All(each => each.Name != column.Name))
            .Select(column => $"Column {column.Name} of table {live.Title} is in the backup only; it is left out."));
        return columns;
    }

    private void Refuse(bool condition, MergeRelation table, string cause)
    {
        if (condition)
        {
            throw MergeErrors.Refused(_request.Live, $"table {table.Title}: {cause}");
        }
    }
}
