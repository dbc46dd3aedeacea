using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Servers;

namespace BackupFunctions.Postgres.Restore;

/// <summary>Memberships as statements for a server of a given version. A membership never gives more than it gave.</summary>
internal sealed class MembershipGrants(int major)
{
    private const int FirstWithOptions = 16;

    private readonly List<string> _warnings = [];

    public IReadOnlyList<string> Warnings => _warnings;

    /// <param name="role">The member.</param>
    /// <param name="known">Roles of the server; predefined roles that its version does not know are left out.</param>
    public IEnumerable<string> For(RoleDefinition role, IReadOnlySet<string> known) =>
        Of(role).Where(membership => known.Contains(membership.Group)).Select(membership => Grant(role, membership)).OfType<string>();

    private static IEnumerable<RoleMembership> Of(RoleDefinition role) =>
        role.Memberships ?? role.MemberOf.Select(static group => new RoleMembership(group, Admin: false, Inherit: null, Set: null));

    private string? Grant(RoleDefinition role, RoleMembership membership)
    {
        if (major >= FirstWithOptions)
        {
            string?[] options = [Option("ADMIN", membership.Admin), Option("INHERIT", membership.Inherit), Option("SET", membership.Set)];
            return $"{Plain(role, membership)} WITH {string.Join(", ", options.OfType<string>())}";
        }

        if (membership.Set == false)
        {
            _warnings.Add(
                $"Role \"{role.Name}\" was not made a member of \"{membership.Group}\": it must not SET ROLE to it, which servers before {FirstWithOptions} cannot forbid; grant it by hand what it needs.");
            return null;
        }

        if (membership.Inherit is { } inherit && inherit != role.Inherit)
        {
            _warnings.Add(
                $"Role \"{role.Name}\" {(inherit ? "had the privileges of" : "needed SET ROLE for the privileges of")} \"{membership.Group}\"{(inherit ? " without SET ROLE" : "")}; on servers before {FirstWithOptions} its own {(role.Inherit ? "INHERIT" : "NOINHERIT")} decides.");
        }

        return Plain(role, membership) + (membership.Admin ? " WITH ADMIN OPTION" : "");
    }

    private static string Plain(RoleDefinition role, RoleMembership membership) => $"GRANT {Sql.Identifier(membership.Group)} TO {Sql.Identifier(role.Name)}";

    private static string? Option(string name, bool? value) => value is { } known ? $"{name} {(known ? "TRUE" : "FALSE")}" : null;
}
