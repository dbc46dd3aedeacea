using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Jobs.Tests.Support;

namespace BackupFunctions.Jobs.Tests.Tenants;

/// <summary>Row level security under every role: never zero rows without a word, never a row of another tenant.</summary>
[Collection(ServerCollection.Name)]
public sealed class TenantRowSecurityTests(ServerFixture fixture)
{
    private const string Rows = """
        create table notes (id int primary key, tenant_id text not null, note text);
        create table words (note int references notes, word text);
        insert into notes select i, case when i % 2 = 0 then 'a' else 'b' end, 'note ' || i from generate_series(1, 10) i;
        insert into words select i, 'word ' || i from generate_series(1, 10) i;
        alter table notes enable row level security;
        alter table words enable row level security;
        create policy own on notes using (tenant_id = current_setting('app.tenant_id', true));
        create policy own on words using (exists (select from public.notes n where n.id = words.note));
        """;

    [Fact]
    public async Task RowSecurity_OwnerWithoutForce_ReadsTheTenantAlone()
    {
        using var site = await SiteAsync("owner", string.Empty, "alter table notes owner to {0}; alter table words owner to {0};");

        await ShouldHaveAllOfAAsync(site, BackupStatus.Verified);
    }

    [Fact]
    public async Task RowSecurity_OwnerWithForceAndNoContext_IsRefusedWithTheStatement()
    {
        using var site = await SiteAsync("forced", string.Empty, "alter table notes owner to {0}; alter table notes force row level security; alter table words owner to {0};");

        var message = await site.BackUpAsync(["a"]).ShouldFailWithAsync(ErrorCodes.PermissionMissing);

        message.ShouldContain("\"public\".\"notes\"");
        message.ShouldContain("ALTER ROLE \"forced_");
        message.ShouldContain("BYPASSRLS;");
        site.Jobs.ManifestsAnywhere().ShouldBeEmpty();
    }

    [Fact]
    public async Task RowSecurity_OwnerWithForceAndContext_ReadsTheTenantAndIsNotVerified()
    {
        using var site = await SiteAsync("forcedctx", string.Empty, "alter table notes owner to {0}; alter table notes force row level security; alter table words owner to {0};");
        site.Set("ContextSetting", "app.tenant_id");

        var backup = await ShouldHaveAllOfAAsync(site, BackupStatus.Completed);

        backup.StatusReason.ShouldNotBeNull().ShouldContain("BYPASSRLS");
    }

    [Fact]
    public async Task RowSecurity_BypassingRole_ReadsTheTenantAlone()
    {
        using var site = await SiteAsync("bypass", "bypassrls", "grant select on notes, words to {0};");

        await ShouldHaveAllOfAAsync(site, BackupStatus.Verified);
    }

    [Fact]
    public async Task RowSecurity_PlainRoleWithoutContext_IsRefusedAndNothingIsWritten()
    {
        using var site = await SiteAsync("plain", string.Empty, "grant select on notes, words to {0};");

        (await site.BackUpAsync(["a"]).ShouldFailWithAsync(ErrorCodes.PermissionMissing)).ShouldContain("BYPASSRLS;");
    }

    [Fact]
    public async Task RowSecurity_SeveralTenantsWithContext_EachHasItsOwnRows()
    {
        using var site = await SiteAsync("several", string.Empty, "grant select on notes, words to {0};");
        site.Set("ContextSetting", "app.tenant_id");
        site.Set("List", "select unnest(array['a', 'b'])");
        site.Jobs.Site.Settings["TENANT_JOBS"] = "1";

        var result = await site.BackUpAsync(tenants: null);

        result.Failures.ShouldBeEmpty();
        result.Backups.Select(backup => (backup.Tenant, backup.Rows)).ShouldBe([("a", 10), ("b", 10)]);
    }

    [Fact]
    public async Task RowSecurity_ContextByFunctionCall_ReadsTheTenant()
    {
        using var site = await SiteAsync(
            "called", string.Empty,
            "grant select on notes, words to {0}; create function set_tenant_context(t text) returns void language sql as 'select set_config(''app.tenant_id'', t, false)';");
        site.Set("ContextCall", "select set_tenant_context($1)");

        await ShouldHaveAllOfAAsync(site, BackupStatus.Completed);
    }

    [Fact]
    public async Task RowSecurity_ContextThatShowsNothing_IsNoEmptyBackup()
    {
        using var site = await SiteAsync("wrong", string.Empty, "grant select on notes, words to {0};");
        site.Set("ContextSetting", "app.another");

        (await site.FailAsync("a")).ErrorCode.ShouldBe(ErrorCodes.TenantUnknown);
    }

    [Fact]
    public async Task RowSecurity_ContextOfAnotherTenant_IsNoBackupOfThatTenant()
    {
        using var site = await SiteAsync(
            "mixed", string.Empty, "grant select on notes, words to {0}; create function wrong(t text) returns text language sql as 'select set_config(''app.tenant_id'', ''b'', true)';");
        site.Set("ContextCall", "select wrong($1)");

        (await site.FailAsync("a")).ErrorCode.ShouldBe(ErrorCodes.TenantUnknown);
    }

    [Fact]
    public async Task RowSecurity_SelectMissing_NamesTheGrantAndNotThePolicies()
    {
        using var site = await SiteAsync("ungranted", "bypassrls", "grant select on notes to {0};");

        var refused = await Should.ThrowAsync<PgdrException>(() => site.BackUpAsync(["a"]));

        refused.Code.ShouldBe(ErrorCodes.PermissionMissing);
        var message = refused.Message;
        message.ShouldContain("GRANT SELECT ON TABLE public.words TO");
        message.ShouldNotContain("row level security");
    }

    private async Task<TenantSite> SiteAsync(string name, string attributes, string sql)
    {
        var site = await TenantSite.CreateAsync(fixture, Rows, ("Column", "tenant_id"));
        var role = $"{name}_{site.Database}";
        await fixture.Server.ExecuteAsync($"create role {role} login password 'role-canary' {attributes}");
        await site.ExecuteAsync(sql.Replace("{0}", role, StringComparison.Ordinal));
        site.ActAs(role);
        return site;
    }

    private static async Task<Contracts.Jobs.TenantBackup> ShouldHaveAllOfAAsync(TenantSite site, BackupStatus status)
    {
        var backup = await site.BackUpAsync("a");
        backup.Status.ShouldBe(status, backup.StatusReason);
        backup.Rows.ShouldBe(10);
        site.ActAsSuperuser();
        var restored = await site.RestoreAsync(backup.BackupId, $"{site.Database}_a");
        (await site.ScalarAsync<string>("select string_agg(distinct tenant_id || id % 2, ',') from notes", restored)).ShouldBe("a0");
        (await site.ScalarAsync<long>("select count(*) from words where note % 2 = 0", restored)).ShouldBe(5);
        (await site.ScalarAsync<long>("select count(*) from words", restored)).ShouldBe(5);
        (await site.ScalarAsync<long>("select count(*) from pg_policies", restored)).ShouldBe(2);
        return backup;
    }
}
