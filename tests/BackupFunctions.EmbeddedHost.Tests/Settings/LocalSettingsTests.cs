using BackupFunctions.Contracts;
using BackupFunctions.EmbeddedHost.Settings;
using BackupFunctions.TestSupport;

namespace BackupFunctions.EmbeddedHost.Tests.Settings;

public sealed class LocalSettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_WhatTheToolsWrite_HasNoWarnings() =>
        Read("""
            { "IsEncrypted": false, "Values": { "A": "1" }, "Host": { "LocalHttpPort": 7071, "CORS": "*", "CORSCredentials": false }, "ConnectionStrings": {} }
            """).Warnings.ShouldBeEmpty();

    [Theory]
    [InlineData("""{ "DATA_FOLDER": "/canary" }""", "local.settings.json has the unknown key 'DATA_FOLDER' at the top, which has no effect: settings stand inside 'Values'.")]
    [InlineData("""{ "values": {} }""", "did you mean 'Values'?")]
    [InlineData("""{ "Host": { "LocalHttpsPort": 1 } }""", "did you mean 'LocalHttpPort'?")]
    [InlineData("""{ "CORS": "*" }""", "'CORS' at the top, where it has no effect: move it into 'Host'.")]
    [InlineData("""{ "Host": 5 }""", "'Host' must be a section in braces")]
    public void Read_KeyWithoutEffect_IsNamedWithoutItsValue(string json, string expected)
    {
        var warning = Read(json).Warnings.ShouldHaveSingleItem();

        warning.ShouldContain(expected);
        warning.ShouldNotContain("canary");
    }

    [Theory]
    [InlineData("""{ "Values": { "Servers": { "main": { "Password": "canary" } } } }""", "'Servers' in 'Values'")]
    [InlineData("""{ "Values": { "List": ["canary"] } }""", "'List' in 'Values'")]
    [InlineData("""{ "Host": { "CORS": ["canary"] } }""", "'CORS' in 'Host'")]
    public void Read_NestedValue_IsRefusedWithTheWayToWriteIt(string json, string expected)
    {
        var error = Should.Throw<PgdrException>(() => Read(json));

        error.Code.ShouldBe(ErrorCodes.InvalidSettings);
        error.Message.ShouldContain(expected);
        error.Message.ShouldContain("__");
        error.Message.ShouldNotContain("canary");
    }

    private LocalSettings Read(string json)
    {
        File.WriteAllText(_folder["local.settings.json"], json);
        return LocalSettings.Read(_folder["local.settings.json"]);
    }
}
