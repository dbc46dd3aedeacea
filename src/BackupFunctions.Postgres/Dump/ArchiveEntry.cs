namespace BackupFunctions.Postgres.Dump;

/// <summary>One entry of an archive's table of contents.</summary>
/// <param name="DumpId">Names the data file: &lt;dump id&gt;.dat.</param>
/// <param name="ObjectOid">Of a table for its data; else of the object, or 0.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Description">What stands after the kind: schema, name, owner.</param>
/// <param name="Line">As pg_restore prints it, and takes it with --use-list.</param>
internal sealed record ArchiveEntry(int DumpId, long ObjectOid, ArchiveEntryKind Kind, string Description, string Line)
{
    private static readonly string[] DatabaseWide = ["BLOB", "LARGE OBJECT", "EVENT TRIGGER ", "PUBLICATION"];
    private static readonly string[] Additions = ["COMMENT - ", "ACL - ", "SECURITY LABEL - "];

    /// <summary>Foreign keys are made by entries of their own.</summary>
    public bool IsForeignKey => Description.StartsWith("FK CONSTRAINT ", StringComparison.Ordinal);

    /// <summary>A comment or a security label on a subscription.</summary>
    public bool IsAboutSubscription =>
        Description.StartsWith("COMMENT - SUBSCRIPTION ", StringComparison.Ordinal) || Description.StartsWith("SECURITY LABEL - SUBSCRIPTION ", StringComparison.Ordinal);

    /// <summary>A comment on a constraint, of which some are made by entries of their own.</summary>
    public bool IsConstraintComment => Description.StartsWith("COMMENT ", StringComparison.Ordinal) && Description.Contains(" CONSTRAINT ", StringComparison.Ordinal);

    /// <summary>What belongs to no schema and would act on, or take in, all of a database: not wanted for some tables of it.</summary>
    public bool IsOfDatabase => Array.Exists(
        DatabaseWide,
        word => Description.StartsWith(word, StringComparison.Ordinal)
            || Array.Exists(Additions, addition => Description.StartsWith(addition + word, StringComparison.Ordinal)));
}
