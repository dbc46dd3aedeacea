using BackupFunctions.Postgres.Servers;

namespace BackupFunctions.Postgres.Merge;

/// <summary>A table of one of the two databases; a partitioned table stands for its partitions.</summary>
/// <param name="Oid">As in pg_class.</param>
/// <param name="Schema">Unquoted.</param>
/// <param name="Name">Unquoted.</param>
/// <param name="Partitioned">It has partitions, and no rows of its own.</param>
/// <param name="Columns">In order.</param>
/// <param name="Indexes">Unique ones over plain columns, the primary key's first.</param>
/// <param name="Obstacles">Why rows cannot be written to it, parts of a sentence.</param>
internal sealed record MergeRelation(
    long Oid, string Schema, string Name, bool Partitioned, IReadOnlyList<MergeColumn> Columns, IReadOnlyList<MergeIndex> Indexes, IReadOnlyList<string> Obstacles)
{
    /// <summary>For sentences: not quoted.</summary>
    public string Title => $"{Schema}.{Name}";

    /// <summary>As SQL, without tables that inherit from it.</summary>
    public string Rows => $"{(Partitioned ? string.Empty : "ONLY ")}{Sql.Identifier(Schema)}.{Sql.Identifier(Name)}";
}
