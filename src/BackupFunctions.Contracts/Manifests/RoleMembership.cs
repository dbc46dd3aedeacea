namespace BackupFunctions.Contracts.Manifests;

/// <summary>A role that another one is a member of, with the options of pg_auth_members.</summary>
/// <param name="Group">Name of the role that was granted.</param>
/// <param name="Admin">The member may grant it on.</param>
/// <param name="Inherit">The member has its privileges without SET ROLE. Null: by an older server than 16, which decides by the member's own attribute.</param>
/// <param name="Set">The member may SET ROLE to it. Null: by an older server than 16, which always allows it.</param>
public sealed record RoleMembership(string Group, bool Admin, bool? Inherit, bool? Set);
