using System.Globalization;

namespace BackupFunctions.TestSupport;

/// <summary>The sample database of samples/sample-database.</summary>
public static class SampleDatabase
{
    /// <summary>Of invoicing_reporting and of invoicing_former, which may log in but not connect.</summary>
    public const string ReportingPassword = "reporting-canary";

    public static Task LoadAsync(PostgresServer server, string database, double scale = 0.01) => CommandLine.RunAsync(
        "env",
        $"PGPASSWORD={PostgresServer.SuperuserPassword}",
        $"SAMPLE_REPORTING_PASSWORD={ReportingPassword}",
        Repository.PathOf("samples/sample-database/load.sh"),
        $"host=127.0.0.1 port={server.Port} user=postgres",
        database,
        scale.ToString(CultureInfo.InvariantCulture));
}
