using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Replication;

/// <summary>Turns a refusal of the replication protocol into one sentence with cause and remedy.</summary>
internal static class ReplicationFailure
{
    public static PgdrException Explain(ServerConnection server, Exception exception) => exception switch
    {
        PgdrException known => known,
        PostgresException refused => Refused(server, refused),
        _ => ConnectionFailure.Explain(server, server.MaintenanceDatabase, exception),
    };

    private static PgdrException Refused(ServerConnection server, PostgresException refused) => refused.SqlState switch
    {
        PostgresErrorCodes.InsufficientPrivilege => Because(
            ErrorCodes.PermissionMissing, $"User {server.Username} may not replicate from server {server.Endpoint}; run: ALTER ROLE {Sql.Identifier(server.Username)} REPLICATION;", refused),
        PostgresErrorCodes.InvalidAuthorizationSpecification when refused.MessageText.Contains("replication", StringComparison.Ordinal) => Because(
            ErrorCodes.ReplicationRefused,
            $"Server {server.Endpoint} does not let user {server.Username} replicate ({refused.MessageText}); give the role REPLICATION, and add a line for database 'replication' to pg_hba.conf.", refused),
        PostgresErrorCodes.TooManyConnections => Because(
            ErrorCodes.ReplicationRefused, $"Server {server.Endpoint} has no replication connection left ({refused.MessageText}); raise max_wal_senders.", refused),
        PostgresErrorCodes.ConfigurationLimitExceeded => Because(
            ErrorCodes.ReplicationRefused, $"Server {server.Endpoint} has no replication slot left ({refused.MessageText}); raise max_replication_slots, or drop a slot that nobody uses.", refused),
        PostgresErrorCodes.ObjectInUse => Because(
            ErrorCodes.ReplicationRefused, $"The replication slot of server {server.Endpoint} is in use ({refused.MessageText}): another receiver runs; stop one of the two.", refused),
        PostgresErrorCodes.UndefinedFile => Because(
            ErrorCodes.WalMissing, $"Server {server.Endpoint} has removed log that was not received yet ({refused.MessageText}): a new base backup begins a new window of recovery.", refused),
        PostgresErrorCodes.ObjectNotInPrerequisiteState => Because(
            ErrorCodes.ReplicationRefused, $"Server {server.Endpoint} cannot send its log ({refused.MessageText}); it needs wal_level replica or logical, and max_wal_senders and max_replication_slots above 0.", refused),
        _ => ConnectionFailure.Explain(server, server.MaintenanceDatabase, refused),
    };

    private static PgdrException Because(string code, string sentence, Exception cause) => new(code, sentence, cause);
}
