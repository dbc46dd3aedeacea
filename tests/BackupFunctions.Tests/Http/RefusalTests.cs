using System.Text;
using BackupFunctions.Http;
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
