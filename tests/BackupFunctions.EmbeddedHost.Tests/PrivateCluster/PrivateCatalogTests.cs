using System.Runtime.Versioning;
using BackupFunctions.EmbeddedHost.PrivateCluster;
using BackupFunctions.EmbeddedHost.Settings;
using BackupFunctions.TestSupport;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace BackupFunctions.EmbeddedHost.Tests.PrivateCluster;

[UnsupportedOSPlatform("windows")]
public sealed class PrivateCatalogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PrivateCatalogTests() => File.SetUnixFileMode(_folder.Path, File.GetUnixFileMode(_folder.Path) | UnixFileMode.OtherExecute);

    private string Data => Path.Combine(_folder.Path, "host");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Find_HostsServerRuns_IsAConnectionWithoutSecretsThatMayMakeTheDatabase()
    {
        PrivateCatalog.Find(Configuration()).ShouldBeNull();
        await using var cluster = new PrivateClusterDatabase(
            HostSettings.From(Configuration()), TimeProvider.System, NullLogger<PrivateClusterDatabase>.Instance);
        await cluster.OpenAsync(CancellationToken.None);

        var found = new NpgsqlConnectionStringBuilder(PrivateCatalog.Find(Configuration()).ShouldNotBeNull());

        found.Password.ShouldBeNull();
        found.Database.ShouldBe("catalog");
        found.ConnectionString.ShouldBe(PrivateCatalog.ConnectionString(Configuration()));
        found.Database = "postgres";
        found.Pooling = false;
        await using var connection = new NpgsqlConnection(found.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("CREATE DATABASE catalog", connection);
        await command.ExecuteNonQueryAsync();
    }

    [Fact]
    public void ConnectionString_StateIsElsewhere_IsNone() =>
        PrivateCatalog.ConnectionString(Configuration(("STATE_CONNECTION", "Host=elsewhere"))).ShouldBeNull();

    private IConfiguration Configuration(params (string Name, string Value)[] more) => new ConfigurationBuilder()
        .AddInMemoryCollection([KeyValuePair.Create("DATA_FOLDER", (string?)Data), .. more.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value))])
        .Build();
}
