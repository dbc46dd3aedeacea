using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Dump;
using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Tenants;

/// <summary>
/// Foreign keys to tables whose rows are not in the backup. pg_restore would check the rows that are there and fail; made NOT VALID they hold for
/// every row that is written from now on (ALTER TABLE, ADD table_constraint NOT VALID).
/// </summary>
internal sealed class NotValidKeys(IReadOnlyList<TenantConstraint> keys)
{
    private const int Shown = 5;

    private readonly HashSet<long> _oids = [.. keys.Select(static key => key.Oid)];
    private readonly string[] _comments = [.. keys.SelectMany(CommentEntries)];

    /// <summary>What pg_restore must not make: the keys, and the comments on them.</summary>
    public bool Has(ArchiveEntry entry) =>
        (entry.IsForeignKey && _oids.Contains(entry.ObjectOid)) || Array.Exists(_comments, comment => entry.Description.StartsWith(comment, StringComparison.Ordinal));

    /// <param name="connection">As a superuser; every other object is there.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>A sentence for what was made, and one for what was not.</returns>
    public async Task<IReadOnlyList<string>> AddAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var made = new List<string>();
        var missing = new List<string>();
        foreach (var key in keys)
        {
            if (await WhyNotAsync(connection, key, cancellationToken) is { } cause)
            {
                missing.Add($"{key.Name} ({cause})");
            }
            else
            {
                made.Add(key.Name);
            }
        }

        return [.. Sentence(made, "were restored NOT VALID: they hold for new rows; fill those tables, then VALIDATE CONSTRAINT checks the others"), .. Sentence(missing, "were left out: fill those tables, then add them")];
    }

    /// <summary>Null: it is there now.</summary>
    private static async Task<string?> WhyNotAsync(NpgsqlConnection connection, TenantConstraint key, CancellationToken cancellationToken)
    {
        if (key is not { Schema: { } schema, Table: { } table, Constraint: { } constraint, Definition: { } definition })
        {
            return "the version that made the backup did not store what it is";
        }

        var (on, name) = (TenantPredicate.Name(schema, table), Sql.Identifier(constraint));
        try
        {
            await connection.ExecuteAsync($"ALTER TABLE {on} ADD CONSTRAINT {name} {definition}", cancellationToken);
            if (key.Comment is { } comment)
            {
                await connection.ExecuteAsync($"COMMENT ON CONSTRAINT {name} ON {on} IS {Sql.Literal(comment)}", cancellationToken);
            }

            return null;
        }
        catch (PostgresException exception) when (connection.FullState == System.Data.ConnectionState.Open)
        {
            // Before version 18 a partitioned table cannot have one.
            return exception.MessageText.ReplaceLineEndings(" ");
        }
    }

    private static IEnumerable<string> Sentence(List<string> names, string what) => names.Count == 0
        ? []
        : [FormattableString.Invariant($"{names.Count} foreign keys to tables whose rows are not in the backup {what}: {string.Join(", ", names.Take(Shown))}{(names.Count > Shown ? ", …" : string.Empty)}.")];

    /// <summary>How pg_restore lists the comment, up to the owner: names are quoted where they need it, and line breaks in them are blanks.</summary>
    private static IEnumerable<string> CommentEntries(TenantConstraint key)
    {
        if (key is not { Schema: { } schema, Table: { } table, Constraint: { } constraint, Comment: not null })
        {
            yield break;
        }

        foreach (var name in new[] { constraint, Sql.Identifier(constraint) })
        {
            foreach (var on in new[] { table, Sql.Identifier(table) })
            {
                yield return $"COMMENT {schema} CONSTRAINT {name} ON {on} ".Replace('\n', ' ').Replace('\r', ' ');
            }
        }
    }
}
