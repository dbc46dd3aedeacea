namespace BackupFunctions.Contracts.Manifests;

/// <summary>A role, so that missing ones can be created before a restore onto a fresh server.</summary>
public sealed record RoleDefinition
{
    public required string Name { get; init; }
    public bool Superuser { get; init; }
    public bool Inherit { get; init; }
    public bool CreateRole { get; init; }
    public bool CreateDatabase { get; init; }
    public bool CanLogin { get; init; }
    public bool Replication { get; init; }
    public bool BypassRowLevelSecurity { get; init; }

    /// <summary>-1: no limit.</summary>
    public int ConnectionLimit { get; init; } = -1;
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>The stored hash (SCRAM-SHA-256 or md5), where it was readable.</summary>
    public string? PasswordHash { get; init; }

    /// <summary>Roles this one is a member of.</summary>
    public IReadOnlyList<string> MemberOf { get; init; } = [];

    /// <summary>The same with their options. Null: by a version of pgdr that did not read them.</summary>
    public IReadOnlyList<RoleMembership>? Memberships { get; init; }

    /// <summary>Settings of the role in every database (setconfig entries name=value).</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];
}
