using System.Globalization;
using System.Text;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Contracts.ManualBackups;
using BackupFunctions.Http;
using BackupFunctions.Settings;
using BackupFunctions.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace BackupFunctions.Tests.Http;

/// <summary>What POST /api/backups refuses before anything is started, and what it makes of the rest: no engine is at hand here.</summary>
public sealed class BackupRefusalTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("nonsense", "body")]
    [InlineData("""{"database":"shop","when":"2026-11-23T00:00:00Z"}""", "body")]
    [InlineData("""{"database":"shop","notify_url":"http://169.254.169.254/"}""", "body")]
    [InlineData("""{"database":"shop","at":1}""", "body")]
    [InlineData("{}", "database/unknown")]
    [InlineData("""{"database":"other"}""", "database/unknown")]
    [InlineData("""{"kind":"tenant","tenants":["a"]}""", "database/unknown")]
    [InlineData("""{"kind":"archive"}""", "database/unknown")]
    [InlineData("""{"kind":"archive","database":"other"}""", "database/unknown")]
    [InlineData("""{"kind":"archive","server":"other"}""", "server/unknown")]
    [InlineData("""{"kind":"archive","server":"main","database":"shop"}""", "subject/ambiguous")]
    [InlineData("""{"kind":"base"}""", "server/unknown")]
    [InlineData("""{"kind":"base","server":"MAIN"}""", "server/unknown")]
    [InlineData("""{"kind":"incremental","server":"other"}""", "server/unknown")]
    [InlineData("""{"kind":"configuration","server":""}""", "server/unknown")]
    [InlineData("""{"kind":"incremental","database":"shop"}""", "database/unexpected")]
    [InlineData("""{"kind":"base","server":"main","database":"shop"}""", "database/unexpected")]
    [InlineData("""{"kind":"full","server":"main"}""", "server/unexpected")]
    [InlineData("""{"kind":"full","server":"main","database":"shop"}""", "server/unexpected")]
    [InlineData("""{"kind":"snapshot","database":"shop"}""", "kind/unknown")]
    [InlineData("""{"kind":"","database":"shop"}""", "kind/unknown")]
    [InlineData("""{"kind":"0","database":"shop"}""", "kind/unknown")]
    [InlineData("""{"database":"shop","kind":"tenant","tenants":["a"]}""", "tenants/unknown")]
    [InlineData("""{"database":"shop","tenants":["a"]}""", "tenants/unexpected")]
    [InlineData("""{"kind":"base","server":"main","tenants":["a"]}""", "tenants/unexpected")]
    [InlineData("""{"database":"shop","kind":"full","allTenants":true}""", "tenants/unexpected")]
    [InlineData("""{"database":"shop","at":""}""", "at/invalid")]
    [InlineData("""{"database":"shop","at":"tomorrow"}""", "at/invalid")]
    [InlineData("""{"database":"shop","at":"2026-11-23"}""", "at/invalid")]
    [InlineData("""{"database":"shop","at":"2026-11-23T02:00:00"}""", "at/invalid")]
    [InlineData("""{"database":"shop","at":"2026-11-23T02:00"}""", "at/invalid")]
    [InlineData("""{"database":"shop","at":"2026-11-31T02:00:00Z"}""", "at/invalid")]
    [InlineData("""{"database":"shop","at":"2026-11-23 02:00:00Z"}""", "at/invalid")]
    [InlineData("""{"database":"shop","at":"2026-11-22T12:00:00Z"}""", "at/past")]
    [InlineData("""{"database":"shop","at":"2026-11-22T12:30:00+01:00"}""", "at/past")]
    [InlineData("""{"database":"shop","at":"0001-01-01T00:00:00Z"}""", "at/past")]
    [InlineData("""{"database":"shop","at":"2027-11-22T12:00:01Z"}""", "at/too-far")]
    [InlineData("""{"database":"shop","at":"9999-12-31T23:59:59Z"}""", "at/too-far")]
    [InlineData("""{"database":"shop","notify":"ops"}""", "notify/unknown")]
    [InlineData("""{"database":"shop","notify":"default"}""", "notify/unknown")]
    [InlineData("""{"database":"shop","notify":""}""", "notify/unknown")]
    [InlineData("""{"database":"shop","notify":"https://attacker.example/"}""", "notify/unknown")]
    public async Task Start_Unusable_IsRefused(string body, string type) => (await RefusedAsync(Given.Settings(), body)).Type.ShouldBe($"urn:backupfunctions:{type}");

    [Theory]
    [InlineData("""{"database":"shop","kind":"tenant"}""", "tenants")]
    [InlineData("""{"database":"shop","kind":"TENANT","tenants":[]}""", "tenants")]
    [InlineData("""{"database":"shop","kind":"tenant","tenants":["a",null]}""", "tenants")]
    [InlineData("""{"database":"shop","kind":"tenant","tenants":["a"," "]}""", "tenants")]
    [InlineData("""{"database":"shop","kind":"tenant","allTenants":false}""", "tenants")]
    [InlineData("""{"database":"shop","kind":"tenant","tenants":["a"],"allTenants":true}""", "tenants")]
    [InlineData("""{"database":"shop","kind":"tenant","allTenants":true}""", "tenants/unknown")]
    [InlineData("""{"server":"main","kind":"tenant","tenants":["a"]}""", "server/unexpected")]
    public async Task Start_OfTenantsThatAreNotNamed_IsRefused(string body, string type) =>
        (await RefusedAsync(WithTenants(), body)).Type.ShouldBe($"urn:backupfunctions:{type}");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Start_BodyTooLarge_IsRefused(bool lengthIsSaid)
    {
        var request = Request("{\"database\":\"shop\",\"kind\":\"" + new string(' ', 64 * 1024) + "\"}");
        request.ContentLength = lengthIsSaid ? request.Body.Length : null;

        Problem(await Start(Given.Settings()).Run(request, null!, CancellationToken.None)).Type.ShouldBe("urn:backupfunctions:body");
    }

    [Fact]
    public async Task Start_AddressAsHook_IsNotRepeated() =>
        (await RefusedAsync(Given.Settings(), """{"database":"shop","notify":"https://u:canary@attacker.example/"}""")).Detail!.ShouldNotContain("canary");

    [Theory]
    [InlineData("""{"database":"shop"}""", ManualBackupKind.Full)]
    [InlineData("""{"database":"shop","kind":"Full"}""", ManualBackupKind.Full)]
    [InlineData("""{"server":"main","kind":"base"}""", ManualBackupKind.Base)]
    [InlineData("""{"server":"main","kind":"incremental"}""", ManualBackupKind.Incremental)]
    [InlineData("""{"server":"main","kind":"configuration"}""", ManualBackupKind.Configuration)]
    [InlineData("""{"server":"main","kind":"archive"}""", ManualBackupKind.Archive)]
    [InlineData("""{"database":"shop","kind":"archive"}""", ManualBackupKind.Archive)]
    [InlineData("""{"database":"shop","kind":"tenant","tenants":["a"]}""", ManualBackupKind.Tenant)]
    public async Task Request_OfEachKind_SaysWhatWasAsked(string body, ManualBackupKind kind)
    {
        var request = await RequestedAsync(WithTenants(), body);

        request.Kind.ShouldBe(kind);
        (request.Database ?? request.Server).ShouldBe(request.Server is null ? "shop" : "main");
        request.Tenants.ShouldBe(kind == ManualBackupKind.Tenant ? ["a"] : null);
        request.At.ShouldBeNull();
        request.Hook.ShouldBeNull();
        request.RequestedBy.ShouldBe("somebody");
    }

    [Theory]
    [InlineData("2026-11-22T12:00:00.001Z", "2026-11-22T12:00:00.0010000Z")]
    [InlineData("2026-11-22T13:30+01:00", "2026-11-22T12:30:00.0000000Z")]
    [InlineData("2027-11-22T12:00:00Z", "2027-11-22T12:00:00.0000000Z")]
    public async Task Request_AtATimeAhead_IsInUtc(string at, string utc) =>
        (await RequestedAsync(Given.Settings(), $$"""{"database":"shop","at":"{{at}}"}""")).At!.Value.UtcDateTime.ToString("o", CultureInfo.InvariantCulture).ShouldBe(utc);

    [Theory]
    [InlineData("", "default")]
    [InlineData(""","notify":"ops" """, "ops")]
    [InlineData(""","notify":"Default" """, "Default")]
    public async Task Request_WithHooksConfigured_NamesTheOneAskedForOrTheDefault(string more, string hook) =>
        (await RequestedAsync(Hooked(), $$"""{"database":"shop"{{more}}}""")).Hook.ShouldBe(hook);

    private static BackupSettings Hooked() => Given.Settings(("BACKUP_NOTIFY_URL", "https://hooks.example/a"), ("NotifyHooks:ops", "https://hooks.example/b"));

    private static BackupSettings WithTenants()
    {
        var settings = Given.Settings();
        var tenants = new TenantSettings { Mode = TenantMode.Column, Column = "tenant_id" };
        return settings with { Databases = [.. settings.Databases.Select(database => database with { Tenants = tenants })] };
    }

    private static async Task<ManualBackupRequest> RequestedAsync(BackupSettings settings, string body)
    {
        var wanted = new RequestedBackup((await RequestBody.ReadAsync<StartBackupBody>(Request(body), CancellationToken.None))!, settings);
        wanted.Refusal(Now).ShouldBeNull();
        return wanted.Request("somebody");
    }

    private static async Task<ProblemDetails> RefusedAsync(BackupSettings settings, string body) =>
        Problem(await Start(settings).Run(Request(body), null!, CancellationToken.None));

    private static StartBackup Start(BackupSettings settings) => new(settings, new FakeClock(Now));

    private static HttpRequest Request(string body) => new DefaultHttpContext { Request = { Body = new MemoryStream(Encoding.UTF8.GetBytes(body)) } }.Request;

    private static ProblemDetails Problem(IActionResult result)
    {
        var answer = result.ShouldBeOfType<ObjectResult>();
        answer.StatusCode.ShouldBe(StatusCodes.Status400BadRequest);
        var problem = (ProblemDetails)answer.Value!;
        problem.Detail.ShouldNotBeNullOrEmpty();
        return problem;
    }
}
