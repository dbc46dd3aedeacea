namespace BackupFunctions.Postgres.Dump;

/// <summary>One entry of an archive's table of contents.</summary>
/// <param name="DumpId">Names the data file: &lt;dump id&gt;.dat.</param>
/// <param name="ObjectOid">Of a table for its data; else of the object, or 0.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Description">What stands after the kind: schema, name, owner.</param>
/// <param name="Line">As pg_restore prints it, and takes it with --use-list.</param>
internal sealed record ArchiveEntry(int DumpId, long ObjectOid, ArchiveEntryKind Kind, string Description, string Line)
{
    /// <summary>Foreign keys are made by entries of their own.</summary>
    public bool IsForeignKey => Description.StartsWith("FK CONSTRAINT ", StringComparison.Ordinal);

    /// <summary>A comment or a security label on a subscription.</summary>
    public bool IsAboutSubscription =>
        Description.StartsWith("COMMENT - SUBSCRIPTION ", StringComparison.Ordinal) || Description.StartsWith("SECURITY LABEL - SUBSCRIPTION ", StringComparison.Ordinal);
}
