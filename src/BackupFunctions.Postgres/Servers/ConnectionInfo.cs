using System.Globalization;
using System.Text;
using Npgsql;

namespace BackupFunctions.Postgres.Servers;

/// <summary>
/// libpq connection strings (keyword = 'value', quotes and backslashes escaped by a backslash), so that a database called
/// <c>host=evil dbname=x</c> is that database. Never with the password.
/// </summary>
internal static class ConnectionInfo
{
    private const string SystemAuthorities = "/etc/ssl/certs/ca-certificates.crt";

    public static string For(ServerConnection server, string database)
    {
        var text = new StringBuilder();
        Add(text, "host", server.Host);
        Add(text, "port", server.Port.ToString(CultureInfo.InvariantCulture));
        Add(text, "user", server.Username);
        Add(text, "dbname", database);
        Add(text, "sslmode", Mode(server.EffectiveSslMode));
        if (RootCertificate(server) is { } authorities)
        {
            Add(text, "sslrootcert", authorities);
        }

        return text.ToString();
    }

    /// <summary>The database alone: how to connect is known already.</summary>
    public static string OfDatabase(string database)
    {
        var text = new StringBuilder();
        Add(text, "dbname", database);
        return text.ToString();
    }

    private static void Add(StringBuilder text, string keyword, string value)
    {
        text.Append(text.Length == 0 ? "" : " ").Append(keyword).Append("='");
        text.Append(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)).Append('\'');
    }

    private static string? RootCertificate(ServerConnection server) =>
        server.RootCertificatePath
        // libpq looks for ~/.postgresql/root.crt only, where Npgsql asks the system.
        ?? (server.EffectiveSslMode is SslMode.VerifyCA or SslMode.VerifyFull && File.Exists(SystemAuthorities) ? SystemAuthorities : null);

    private static string Mode(SslMode mode) => mode switch
    {
        SslMode.Disable => "disable",
        SslMode.Allow => "allow",
        SslMode.Prefer => "prefer",
        SslMode.Require => "require",
        SslMode.VerifyCA => "verify-ca",
        _ => "verify-full",
    };
}
