using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tools;

namespace BackupFunctions.Postgres.Dump;

/// <summary>Roles, memberships, settings and tablespaces of the whole server, as SQL from pg_dumpall.</summary>
public static class GlobalsDump
{
    /// <exception cref="Contracts.PgdrException">server.*, tool.failed; and whatever the sink throws.</exception>
    public static Task<GlobalsOutcome> RunAsync(PgTools tools, ServerConnection server, IDumpFileSink sink, CancellationToken cancellationToken) =>
        RunAsync(tools, server, sink, passwords: true, cancellationToken);

    /// <inheritdoc cref="RunAsync(PgTools, ServerConnection, IDumpFileSink, CancellationToken)"/>
    /// <param name="tools">Of the server's major or newer.</param>
    /// <param name="server">The server.</param>
    /// <param name="sink">Takes the SQL.</param>
    /// <param name="passwords">Hashes of the roles' passwords are wanted; where they cannot be read, the outcome warns.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<GlobalsOutcome> RunAsync(
        PgTools tools, ServerConnection server, IDumpFileSink sink, bool passwords, CancellationToken cancellationToken)
    {
        var withHashes = false;
        if (passwords)
        {
            await using var connection = await server.OpenAsync(server.MaintenanceDatabase, cancellationToken);
            withHashes = await RoleReader.CanReadHashesAsync(connection, cancellationToken);
        }

        long bytes = 0;
        // --dbname carries how to connect, its database is ignored; --database says where.
        List<string> arguments =
        [
            "--globals-only", "--no-password", "--dbname=" + ConnectionInfo.For(server, server.MaintenanceDatabase),
            "--database=" + server.MaintenanceDatabase,
        ];
        if (!withHashes)
        {
            arguments.Add("--no-role-passwords");
        }

        await PgToolRunner.RunCheckedAsync(
            new ToolCommand(tools.PgDumpAll, arguments)
            {
                Server = server,
                Output = async (piece, token) =>
                {
                    await sink.WriteAsync(piece, token);
                    bytes += piece.Length;
                },
            },
            cancellationToken);
        await sink.CompleteAsync(cancellationToken);
        return new GlobalsOutcome(bytes, withHashes || !passwords ? [] : [PasswordHashes.Unreadable]);
    }
}
