namespace BackupFunctions.Postgres.Tools;

/// <summary>
/// The whole environment of a tool. Nothing else is inherited: this process may have been given secrets by environment, and PG*
/// variables would lead a tool elsewhere.
/// </summary>
internal static class ToolEnvironment
{
    private static readonly string[] Inherited =
        ["PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "LD_LIBRARY_PATH", "KRB5CCNAME", "KRB5_CONFIG", "SSL_CERT_FILE", "SSL_CERT_DIR"];

    public static void Apply(IDictionary<string, string?> environment, string? passwordFile)
    {
        foreach (var name in environment.Keys.Except(Inherited, StringComparer.Ordinal).ToArray())
        {
            environment.Remove(name);
        }

        environment["LC_ALL"] = "C";
        environment["PGAPPNAME"] = "pgdr";
        environment["PGCONNECT_TIMEOUT"] = "15";
        // pg_dump sets none of these: without them the same row has other bytes on the next machine.
        environment["PGOPTIONS"] = "-c TimeZone=UTC -c bytea_output=hex -c lc_monetary=C";
        if (passwordFile is not null)
        {
            environment["PGPASSFILE"] = passwordFile;
        }
    }
}
