using System.CommandLine;
using BackupFunctions.Cli.Wal;
using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Setup;
using BackupFunctions.Settings;

namespace BackupFunctions.Cli.Setup;

/// <summary>pgdr setup sql: prints a script that makes a role with the rights of backups. It connects to nothing.</summary>
internal static class SetupSqlCommand
{
    private const string DefaultRole = "backup";

    public static Command Create()
    {
        var server = new Option<string?>("--server") { Description = "A server of the settings; may be left out when there is one." };
        var role = new Option<string?>("--role") { Description = $"The role; the server's user of the settings unless that is postgres, else '{DefaultRole}'." };
        var databases = new Option<string[]>("--database") { Description = "A database to be dumped, may be repeated; those of the settings." };
        var replication = new Option<bool>("--replication") { Description = "For base backups and the write-ahead log, too; by itself where the server's log is archived." };
        var command = new Command("sql", "Print SQL for psql that makes a role with the rights of backups and no others.") { server, role, databases, replication };
        command.SetAction((result, _) => CommandBoundary.RunAsync(result, () =>
        {
            Console.Out.Write(Script(
                JobEnvironments.ReadSettings(), result.GetValue(server), result.GetValue(role), result.GetValue(databases) ?? [], result.GetValue(replication)));
            return Task.FromResult(ExitCodes.Done);
        }));
        return command;
    }

    private static string Script(BackupSettings settings, string? named, string? role, IReadOnlyList<string> databases, bool replication)
    {
        var name = ServerArgument.Choose(settings, named);
        var server = settings.Servers.FirstOrDefault(each => string.Equals(each.Name, name, StringComparison.Ordinal))
            ?? throw new PgdrException(ErrorCodes.InvalidSettings, $"Server '{name}' is not in the settings: add Servers__{name}__Host, or correct the name.");
        IReadOnlyList<string> dumped = databases.Count > 0
            ? databases
            : [.. settings.Databases.Where(each => string.Equals(each.Server, name, StringComparison.Ordinal)).Select(each => each.Name)];
        return BackupRoleScript.Create(
            role ?? (server.Username is "postgres" ? DefaultRole : server.Username), dumped, replication || server.Wal != WalMode.Off);
    }
}
