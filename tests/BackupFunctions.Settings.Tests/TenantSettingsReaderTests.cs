using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Settings.Tests.Support;

namespace BackupFunctions.Settings.Tests;

public sealed class TenantSettingsReaderTests
{
    [Fact]
    public void Read_NothingOfTenants_HasNone() => Read().ShouldBeNull();

    [Fact]
    public void Read_EverySettingOfColumns_IsTaken()
    {
        var tenants = Read(
            ("Mode", "column"), ("Column", "tenant_id"), ("Columns", "public.users(org_id); \"a.b\".\"c(\"\"\"(\"d e\")"), ("Root", "public.tenants(id)"),
            ("Shared", "public.plans;ref.*"), ("SharedRows", "false"), ("Schemas", "public;billing"), ("ContextSetting", "app.tenant_id"),
            ("ContextCall", "select set_context($1)"), ("List", "select id::text from tenants"))!;

        tenants.Mode.ShouldBe(TenantMode.Column);
        tenants.Column.ShouldBe("tenant_id");
        tenants.Columns.ShouldBe([new TenantColumnSetting("public", "users", "org_id"), new TenantColumnSetting("a.b", "c(\"", "d e")]);
        tenants.Root.ShouldBe(new TenantColumnSetting("public", "tenants", "id"));
        tenants.Shared.ShouldBe(["public.plans", "ref.*"]);
        tenants.SharedRows.ShouldBeFalse();
        tenants.Schemas.ShouldBe(["public", "billing"]);
        tenants.ContextSetting.ShouldBe("app.tenant_id");
        tenants.ContextCall.ShouldBe("select set_context($1)");
        tenants.CanList.ShouldBeTrue();
    }

    [Fact]
    public void Read_ListsOneByOne_MayHaveSemicolonsInNames() =>
        Read(("Mode", "column"), ("Column", "t"), ("Shared__0", "public.a;b"), ("Shared__1", "public.c"))!.Shared.ShouldBe(["public.a;b", "public.c"]);

    [Fact]
    public void Read_Schemas_IsTaken()
    {
        var tenants = Read(("Mode", "schema"), ("Pattern", "t_*"), ("Shared", "public"))!;

        (tenants.Mode, tenants.Pattern, tenants.CanList).ShouldBe((TenantMode.Schema, "t_*", true));
        tenants.Shared.ShouldBe(["public"]);
    }

    [Fact]
    public void Read_ColumnAlone_CannotListTenants() => Read(("Mode", "column"), ("Column", "tenant_id"))!.CanList.ShouldBeFalse();

    [Theory]
    [InlineData("Mode", "Column", "tenant_id")]
    [InlineData("Mode", "Mode", "row")]
    [InlineData("Column", "Mode", "column")]
    [InlineData("Pattern", "Mode", "schema")]
    [InlineData("Pattern", "Mode", "column", "Column", "a", "Pattern", "b")]
    [InlineData("Pattern", "Mode", "schema", "Pattern", "b", "List", "select 'a'")]
    [InlineData("Column", "Mode", "schema", "Pattern", "b", "Column", "a")]
    [InlineData("ContextCall", "Mode", "schema", "Pattern", "b", "ContextCall", "select f($1)")]
    [InlineData("ContextCall", "Mode", "column", "Column", "a", "ContextCall", "select f()")]
    [InlineData("ContextSetting", "Mode", "column", "Column", "a", "ContextSetting", "tenant")]
    [InlineData("SharedRows", "Mode", "column", "Column", "a", "SharedRows", "no")]
    [InlineData("Root", "Mode", "column", "Root", "tenants")]
    [InlineData("Root", "Mode", "column", "Root", "public.tenants(id")]
    [InlineData("Columns", "Mode", "column", "Columns", "public.tenants(id);users")]
    public void Read_Slip_IsOneSentenceThatNamesTheSetting(string named, params string[] settings)
    {
        var failure = Should.Throw<Contracts.PgdrException>(() => Read([.. settings.Chunk(2).Select(pair => (pair[0], pair[1]))]));

        failure.Message.ShouldContain($"Databases:0:Tenants:{named} is not usable: ");
        failure.Message.ShouldEndWith(".");
    }

    private static TenantSettings? Read(params (string Name, string Value)[] tenants) => Given.Settings(
    [
        ("Servers__main__Host", "db1"), ("Databases__0__Name", "app"),
        .. tenants.Select(setting => ($"Databases__0__Tenants__{setting.Name}", (string?)setting.Value)),
    ]).Databases[0].Tenants;
}
