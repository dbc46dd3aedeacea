namespace BackupFunctions.Contracts.Manifests;

/// <summary>A foreign key to a table whose rows are not in the backup. Earlier versions stored what the constructor takes alone.</summary>
/// <param name="Oid">As in pg_constraint, and in the archive's table of contents.</param>
/// <param name="Name">For people: table and constraint.</param>
public sealed record TenantConstraint(long Oid, string Name)
{
    /// <summary>Of the table that has it, unquoted.</summary>
    public string? Schema { get; init; }

    /// <summary>That has it, unquoted.</summary>
    public string? Table { get; init; }

    /// <summary>Its name alone, unquoted.</summary>
    public string? Constraint { get; init; }

    /// <summary>What follows its name in ALTER TABLE ... ADD CONSTRAINT, as SQL; with NOT VALID, so that the server does not look at the rows there are.</summary>
    public string? Definition { get; init; }

    /// <summary>COMMENT ON CONSTRAINT; null: none.</summary>
    public string? Comment { get; init; }
}
