using System.Text.Json;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Contracts.Tests;

public sealed class ContractJsonStrictTests
{
    [Fact]
    public void Strict_EveryNullLeftOutByTheWriter_ReadsBack()
    {
        RoundTrip(new ServerIdentity(SystemIdentifier: null, "15.20", 150020, Timeline: null, Lsn: null));
        RoundTrip(new ArchivePart("data/000001.tink", ArchivePart.Tar, Path: null, 0, 1, new string('a', 64)));
        RoundTrip(new KeyEnvelope("rsa", new string('a', 64), "RSA-OAEP-256", "AAAA", Name: null));
        RoundTrip(new DatabaseSetting(Role: null, "work_mem", "64MB"));

        var table = new TableDigest("public", "t", [], Filter: null, 0, new string('0', 32));
        JsonSerializer.Deserialize<TableDigest>(JsonSerializer.Serialize(table, ContractJson.Options), ContractJson.Strict)!.Filter.ShouldBeNull();
    }

    [Theory]
    [InlineData("type")]
    [InlineData("key_id")]
    [InlineData("algorithm")]
    [InlineData("wrapped_key")]
    public void Strict_MemberThatMayNotBeNull_MustBeThereAndNotNull(string member)
    {
        var envelope = Recorded.Node("Manifest")["recipients"]![0]!.AsObject();
        envelope.Deserialize<KeyEnvelope>(ContractJson.Strict).ShouldNotBeNull();

        envelope[member] = null;
        Should.Throw<JsonException>(() => envelope.Deserialize<KeyEnvelope>(ContractJson.Strict));
        envelope.Remove(member);
        Should.Throw<JsonException>(() => envelope.Deserialize<KeyEnvelope>(ContractJson.Strict));
    }

    [Fact]
    public void Strict_RequiredMemberMissing_IsAnError()
    {
        var manifest = Recorded.Node("Manifest").AsObject();
        manifest.Remove("signed_by");

        Should.Throw<JsonException>(() => manifest.Deserialize<Manifest>(ContractJson.Strict)).Message.ShouldContain("signed_by");
    }

    [Fact]
    public void Strict_MemberTwice_IsAnError() =>
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<DatabaseSetting>("""{"name":"a","value":"1","value":"2"}""", ContractJson.Strict));

    private static void RoundTrip<T>(T value) =>
        JsonSerializer.Deserialize<T>(JsonSerializer.Serialize(value, ContractJson.Options), ContractJson.Strict).ShouldBe(value);
}
