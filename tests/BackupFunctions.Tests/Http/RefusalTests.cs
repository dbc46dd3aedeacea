using System.Text;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Http;
using BackupFunctions.Settings;
using BackupFunctions.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace BackupFunctions.Tests.Http;

/// <summary>What is refused before anything is started: no engine is at hand here.</summary>
public sealed class RefusalTests
{
    [Theory]
    [InlineData("", "body")]
    [InlineData("null", "body")]
    [InlineData("[]", "body")]
    [InlineData("{\"database\":", "body")]
    [InlineData("{}", "database/unknown")]
    [InlineData("""{"database":"other","reason":"r","confirm":"other"}""", "database/unknown")]
    [InlineData("""{"database":"SHOP","reason":"r","confirm":"SHOP"}""", "database/unknown")]
    [InlineData("""{"database":"shop","confirm":"shop"}""", "reason/missing")]
    [InlineData("""{"database":"shop","reason":" ","confirm":"shop"}""", "reason/missing")]
    [InlineData("""{"database":"shop","reason":"r"}""", "confirm/mismatch")]
    [InlineData("""{"database":"shop","reason":"r","confirm":"Shop"}""", "confirm/mismatch")]
    [InlineData("""{"database":"shop","reason":"r","confirm":"shop","targetServer":"other"}""", "server/unknown")]
    [InlineData("""{"database":"shop","reason":"r","confirm":"shop","latest":true,"backupId":"b"}""", "target/ambiguous")]
    [InlineData("""{"database":"shop","reason":"r","confirm":"shop","targetLsn":"0/1","targetTime":"2020-01-01T00:00:00Z"}""", "target/ambiguous")]
    [InlineData("""{"database":"shop","reason":"r","confirm":"shop","targetLsn":"here"}""", "target/invalid")]
    [InlineData("""{"database":"shop","reason":"r","confirm":"shop","targetTime":"yesterday"}""", "target/invalid")]
    [InlineData("""{"database":"shop","reason":"r","confirm":"shop","targetTime":"2020-01-01T00:00:00"}""", "target/invalid")]
    [InlineData("""{"database":"shop","reason":"r","confirm":"shop","targetTime":"2999-01-01T00:00:00+01:00"}""", "target/future")]
    public async Task StartDisasterRecovery_Unusable_IsRefused(string body, string type) =>
        Refused(await new StartDisasterRecovery(Given.Settings(), null!, new ManualTimeProvider()).Run(Request(body), null!, CancellationToken.None)).ShouldBe($"urn:backupfunctions:{type}");

    [Theory]
    [InlineData("null", "body")]
    [InlineData("{\"database\":", "body")]
    [InlineData("""{"database":"other","reason":"r"}""", "database/unknown")]
    [InlineData("""{"database":"shop"}""", "reason/missing")]
    [InlineData("""{"database":"shop","reason":"r","apply":true}""", "confirm/mismatch")]
    [InlineData("""{"database":"shop","reason":"r","apply":true,"confirm":"Shop"}""", "confirm/mismatch")]
    [InlineData("""{"database":"shop","reason":"r","confirm":"crm"}""", "confirm/mismatch")]
    [InlineData("""{"database":"shop","reason":"r","policy":"never"}""", "policy/unknown")]
    [InlineData("""{"database":"shop","reason":"r","policy":"newest"}""", "policy/column")]
    [InlineData("""{"database":"shop","reason":"r","policy":"overwrite","newestColumn":"changed"}""", "policy/column")]
    [InlineData("""{"database":"shop","reason":"r","tables":[]}""", "tables")]
    [InlineData("""{"database":"shop","reason":"r","tables":["public.t",null]}""", "tables")]
    [InlineData("""{"database":"shop","reason":"r","tables":["t"]}""", "tables")]
    [InlineData("""{"database":"shop","reason":"r","tenants":[]}""", "tenants")]
    [InlineData("""{"database":"shop","reason":"r","tenants":["a"," "]}""", "tenants")]
    [InlineData("""{"database":"shop","reason":"r","tenants":["a"]}""", "tenants/unknown")]
    [InlineData("""{"database":"shop","reason":"r","latest":true,"backupId":"b"}""", "target/ambiguous")]
    [InlineData("""{"database":"shop","reason":"r","targetTime":"2999-01-01T00:00:00Z"}""", "target/future")]
    public async Task StartMerge_Unusable_IsRefused(string body, string type) =>
        Refused(await new StartMerge(Given.Settings(), null!, new ManualTimeProvider()).Run(Request(body), null!, CancellationToken.None)).ShouldBe($"urn:backupfunctions:{type}");

    [Fact]
    public async Task StartMerge_OfTenantsWithASchemaEach_IsRefused()
    {
        var settings = Given.Settings();
        var tenants = new TenantSettings { Mode = TenantMode.Schema, Pattern = "tenant_*" };
        settings = settings with { Databases = [.. settings.Databases.Select(database => database with { Tenants = tenants })] };

        Refused(await new StartMerge(settings, null!, new ManualTimeProvider()).Run(Request("""{"database":"shop","reason":"r","tenants":["a"]}"""), null!, CancellationToken.None))
            .ShouldBe("urn:backupfunctions:tenants/schema");
    }

    private static HttpRequest Request(string body) => new DefaultHttpContext { Request = { Body = new MemoryStream(Encoding.UTF8.GetBytes(body)) } }.Request;

    private static string Refused(IActionResult result)
    {
        var answer = result.ShouldBeOfType<ObjectResult>();
        answer.StatusCode.ShouldBe(StatusCodes.Status400BadRequest);
        var problem = (ProblemDetails)answer.Value!;
        problem.Detail.ShouldNotBeNullOrEmpty();
        return problem.Type!;
    }
}
