namespace BackupFunctions.TestSupport;

/// <summary>
/// A database with one of everything that a database may hold, under every name that people have thought of. Not in it: security
/// labels (they need a provider that every server loads: <see cref="LabelProvider"/>), tablespaces (of the server), procedural languages that Debian packages apart.
/// </summary>
public static class EverythingDatabase
{
    /// <summary>Also an option, a comment, a connection string, and more than one line; 63 bytes, the longest that PostgreSQL knows.</summary>
    public const string Name = "-- host=x dbname=template1 \n\"quoted\" 'it''s' \\ é日本 1234567";

    /// <summary>The password of its subscription's connection string.</summary>
    public const string SubscriptionPassword = "sub-canary";

    public static Task LoadAsync(PostgresServer server, string database) => CommandLine.RunAsync(
        "env",
        $"PGPASSWORD={PostgresServer.SuperuserPassword}",
        Repository.PathOf("tests/BackupFunctions.TestSupport/Everything/load.sh"),
        server.Binaries,
        $"{server.Port}",
        database);
}
