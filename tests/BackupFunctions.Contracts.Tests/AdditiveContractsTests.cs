using System.Text.Json;
using System.Text.Json.Nodes;

namespace BackupFunctions.Contracts.Tests;

/// <summary>Contracts live on in histories, run stores and backups: what an earlier version wrote must read whole, for ever.</summary>
public sealed class AdditiveContractsTests
{
    private static readonly string[] StoredNamespaces = ["Jobs", "DisasterRecovery", "ManualBackups", "Merges", "Manifests"];

    /// <summary>Parts of other contracts, recorded within them.</summary>
    private static readonly string[] Parts =
    [
        "ArchivePart", "BaseEntry", "BaseTablespace", "DatabaseProperties", "DatabaseSetting", "KeyEnvelope", "LargeObjectDigest", "ManifestObject", "RoleDefinition", "RoleMembership",
        "SequenceValue", "ServerIdentity", "TableDigest", "TargetFinding", "TargetReport", "CopyFinding", "WalAncestor", "WalServerStatus", "WalRangeStatus",
        "LogFinding", "MergeResult", "MergeTableResult",
        "WalExpirySpan", "WalInventoryObject", "WalCoverage", "WalWindowStatus", "WalHoleStatus",
        "RecoveryPath", "TableSelection", "WantedPoint",
        "ConfigurationItem", "InstalledExtension", "RestoreNeeds", "VersionFeature",
        "TenantBackup", "TenantConstraint", "TenantFailure", "TenantReference", "TenantScan", "TenantTable",
        "TenantCounts",
    ];

    public static TheoryData<string> Names => [.. Recorded.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Recorded_EveryContract_StillReadsWithEveryValue(string name)
    {
        var value = JsonSerializer.Deserialize(Recorded.Text(name), Recorded.TypeOf(name), ContractJson.Options);

        var written = JsonSerializer.SerializeToNode(value, Recorded.TypeOf(name), ContractJson.Options);

        FirstLost(Recorded.Node(name), written, name).ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Recorded_EveryContract_ReadsWithTheStrictnessOfSignedDocuments(string name) =>
        JsonSerializer.Deserialize(Recorded.Text(name), Recorded.TypeOf(name), ContractJson.Strict).ShouldNotBeNull();

    [Theory]
    [MemberData(nameof(Names))]
    public void Recorded_WithAMemberOfALaterVersion_ReadsInThisOne(string name)
    {
        var later = Recorded.Node(name).AsObject();
        later["member_of_a_later_version"] = new JsonObject { ["x"] = 1 };

        JsonSerializer.Deserialize(later, Recorded.TypeOf(name), ContractJson.Strict).ShouldNotBeNull();
    }

    [Fact]
    public void Contracts_EveryStoredType_HasARecording()
    {
        var stored = typeof(ContractJson).Assembly.GetExportedTypes()
            .Where(type => type is { IsEnum: false, IsInterface: false, IsAbstract: false })
            .Where(type => StoredNamespaces.Contains(type.Namespace!.Split('.')[^1], StringComparer.Ordinal))
            .Select(type => type.Name);

        Recorded.Names.Concat(Parts).ShouldBe(stored, ignoreOrder: true);
    }

    /// <returns>The path of the first recorded value that is not written as it was; null when there is none.</returns>
    private static string? FirstLost(JsonNode? recorded, JsonNode? written, string path) => (recorded, written) switch
    {
        (JsonObject then, JsonObject now) =>
            then.Select(member => FirstLost(member.Value, now[member.Key], $"{path}.{member.Key}")).FirstOrDefault(lost => lost is not null),
        (JsonArray then, JsonArray now) when then.Count == now.Count =>
            then.Select((item, index) => FirstLost(item, now[index], $"{path}[{index}]")).FirstOrDefault(lost => lost is not null),
        _ => JsonNode.DeepEquals(recorded, written) ? null : path,
    };
}
