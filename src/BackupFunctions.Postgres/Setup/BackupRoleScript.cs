using System.Text;
using BackupFunctions.Postgres.Servers;

namespace BackupFunctions.Postgres.Setup;

/// <summary>
/// SQL for psql that makes a role with the rights of backups and no others; it can be run again. Meant to be read before: it is printed,
/// never run by us. The password is asked for by psql's \password, so it stands in no file and in no log.
/// </summary>
public static class BackupRoleScript
{
    /// <param name="role">The role to make, or to complete.</param>
    /// <param name="databases">Those that are dumped; their large objects and privileges need statements of their own.</param>
    /// <param name="replication">Base backups or the log are wanted.</param>
    public static string Create(string role, IReadOnlyList<string> databases, bool replication)
    {
        var name = Sql.Identifier(role);
        var text = new StringBuilder();
        text.AppendLine(Header(role));
        text.AppendLine(Role(role, name, replication));
        foreach (var database in databases.Order(StringComparer.Ordinal))
        {
            text.AppendLine(Database(database, name));
        }

        text.AppendLine(Footer(name, databases, replication));
        return text.ToString();
    }

    private static string Header(string role) => $"""
        -- Makes role {Comment(role)} for backups: it reads everything and writes nothing. Run it as a superuser of a server of version 14 or later:
        --     psql -d postgres -f FILE
        \set ON_ERROR_STOP on
        """;

    private static string Role(string role, string name, bool replication) => $"""

        -- What follows takes rights away from a role that has more: it is not meant for the one that you are.
        DO $pgdr$ BEGIN
          IF EXISTS (SELECT FROM pg_roles WHERE rolname = {Sql.Literal(role)} AND (rolsuper OR rolname = current_user)) THEN
            RAISE EXCEPTION 'this role is a superuser; choose another one for backups';
          END IF;
        END $pgdr$;
        SELECT format('CREATE ROLE %I', {Sql.Literal(role)}) WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {Sql.Literal(role)}) \gexec
        -- BYPASSRLS: else row level security would hide rows from a dump.{(replication ? " REPLICATION: base backups and the write-ahead log." : "")}
        ALTER ROLE {name} WITH LOGIN BYPASSRLS {(replication ? "REPLICATION" : "NOREPLICATION")} NOSUPERUSER NOCREATEDB NOCREATEROLE;
        -- SELECT on all tables and sequences, USAGE on all schemas, those made later too.
        GRANT pg_read_all_data TO {name};
        -- Settings with their sources, sizes of databases, state of replication; nothing that is in tables.
        GRANT pg_monitor TO {name};
        GRANT CONNECT ON DATABASE postgres TO {name};
        -- Configuration backups: what stands in postgresql.conf, pg_hba.conf and pg_ident.conf. (pg_read_file would show far more than that.)
        GRANT SELECT ON pg_file_settings, pg_hba_file_rules TO {name};
        GRANT EXECUTE ON FUNCTION pg_show_all_file_settings(), pg_hba_file_rules() TO {name};
        SELECT format('GRANT SELECT ON %I TO %s', 'pg_ident_file_mappings', {Sql.Literal(name)}) WHERE to_regclass('pg_ident_file_mappings') IS NOT NULL \gexec
        SELECT format('GRANT EXECUTE ON FUNCTION %s TO %s', to_regprocedure('pg_ident_file_mappings()'), {Sql.Literal(name)})
        WHERE to_regprocedure('pg_ident_file_mappings()') IS NOT NULL \gexec
        """;

    private static string Database(string database, string name) => $"""

        \connect -reuse-previous=on {Psql(ConnectionInfo.OfDatabase(database))}
        GRANT CONNECT ON DATABASE {Sql.Identifier(database)} TO {name};
        -- Large objects that exist now: pg_read_all_data does not cover them. Run this again when there are new ones.
        SELECT format('GRANT SELECT ON LARGE OBJECT %s TO %s', oid, {Sql.Literal(name)}) FROM pg_largeobject_metadata \gexec
        """;

    private static string Footer(string name, IReadOnlyList<string> databases, bool replication)
    {
        var all = databases.Count == 0 ? "all" : string.Join(',', databases.Append("postgres").Distinct(StringComparer.Ordinal).Select(Hba));
        var replicationLine = replication ? $"\n--     hostssl  replication  {Comment(name)}  ADDRESS/32  scram-sha-256" : string.Empty;
        return $"""

            -- The password, asked for now:
            \password {name}

            -- And in pg_hba.conf, with the address that backups come from, followed by SELECT pg_reload_conf();
            --     hostssl  {all}  {Comment(name)}  ADDRESS/32  scram-sha-256{replicationLine}
            -- Not among its rights: passwords of roles (pg_authid is for superusers; a backup without them warns), and restores, which need a superuser.
            """;
    }

    /// <summary>An argument of a psql command: in double quotes only a double quote is special; a line break needs single ones.</summary>
    private static string Psql(string text) =>
        "\"" + text.Replace("\"", "\"\"", StringComparison.Ordinal).Replace("\n", "\"'\\n'\"", StringComparison.Ordinal) + "\"";

    private static string Comment(string text) => text.ReplaceLineEndings(" ");

    /// <summary>Quoted as in SQL, where a word of pg_hba.conf means nothing special.</summary>
    private static string Hba(string name) => Comment(Sql.Identifier(name));
}
