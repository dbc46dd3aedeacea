using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Restore;
using BackupFunctions.Jobs.Tenants;
using BackupFunctions.Jobs.Tests.Support;

namespace BackupFunctions.Jobs.Tests.Tenants;

/// <summary>A database with tenants of its own, and the jobs that back them up and bring them back.</summary>
internal sealed class TenantSite : IDisposable
{
    private readonly ServerFixture _fixture;

    private TenantSite(ServerFixture fixture, string database)
    {
        (_fixture, Database) = (fixture, database);
        Jobs = fixture.NewSite(database);
    }

    public string Database { get; }

    public JobSite Jobs { get; }

    public static async Task<TenantSite> CreateAsync(ServerFixture fixture, string sql, params (string Name, string Value)[] settings) =>
        Of(fixture, await fixture.NewDatabaseAsync(sql), settings);

    /// <summary>Of a database that is there.</summary>
    public static TenantSite Of(ServerFixture fixture, string database, params (string Name, string Value)[] settings)
    {
        var site = new TenantSite(fixture, database);
        site.Set("Mode", "column");
        foreach (var (name, value) in settings)
        {
            site.Set(name, value);
        }

        return site;
    }

    public void Set(string name, string value) => Jobs.Site.Settings[$"Databases__0__Tenants__{name}"] = value;

    /// <summary>The role that backs up, with a password of its own.</summary>
    public void ActAs(string role)
    {
        Jobs.Site.Settings["Servers__main__Username"] = role;
        Jobs.Site.Settings.Remove("Servers__main__PasswordFile");
        Jobs.Site.Settings["Servers__main__Password"] = "role-canary";
    }

    /// <summary>The role that restores.</summary>
    public void ActAsSuperuser()
    {
        Jobs.Site.Settings["Servers__main__Username"] = "postgres";
        Jobs.Site.Settings["Servers__main__Password"] = TestSupport.PostgresServer.SuperuserPassword;
    }

    public Task<TenantBackupResult> BackUpAsync(IReadOnlyList<string>? tenants, string? run = null, CancellationToken cancellationToken = default) =>
        new TenantBackupJob(Jobs.Environment, Path.Combine(Jobs.Site.RunStore, "run", "state"))
            .RunAsync(new TenantBackupParameters(Database, "test", tenants, run), cancellationToken);

    /// <summary>The one tenant must be backed up.</summary>
    public async Task<TenantBackup> BackUpAsync(string tenant)
    {
        var result = await BackUpAsync([tenant]);
        result.Failures.ShouldBeEmpty();
        return result.Backups.ShouldHaveSingleItem();
    }

    /// <summary>The one tenant must fail.</summary>
    public async Task<TenantFailure> FailAsync(string tenant)
    {
        var result = await BackUpAsync([tenant]);
        result.Backups.ShouldBeEmpty();
        Jobs.ManifestsAnywhere().ShouldBeEmpty();
        var failure = result.Failures.ShouldHaveSingleItem();
        failure.Tenant.ShouldBe(tenant);
        failure.Error.ShouldNotContain('\n');
        failure.Error.ShouldMatch(@"[:;,] .+[.;]$");
        return failure;
    }

    /// <returns>The name of the restored database.</returns>
    public async Task<string> RestoreAsync(string backupId, string into)
    {
        using var reader = BackupReader.FromSettings(Jobs.Environment);
        var selected = await new SelectBackupJob(Jobs.Environment, reader) { ReadCheckLimit = TimeSpan.FromMinutes(5) }
            .RunAsync(new SelectBackupParameters(Database, backupId, TargetServer: null) { Into = into }, CancellationToken.None);
        await Jobs.FetchAsync(selected.BackupId);
        var restored = await Jobs.RestoreAsync(selected.BackupId);
        await Jobs.SwapAsync(into, selected.BackupId, restored);
        return into;
    }

    public async Task<T?> ScalarAsync<T>(string sql, string? database = null) => await _fixture.Server.ScalarAsync<T>(sql, database ?? Database);

    public Task ExecuteAsync(string sql) => _fixture.Server.ExecuteAsync(sql, Database);

    public void Dispose() => Jobs.Dispose();
}
