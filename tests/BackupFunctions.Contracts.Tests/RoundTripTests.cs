using System.Text.Json;
using System.Text.Json.Nodes;
using BackupFunctions.Contracts.DisasterRecovery;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Contracts.Tests;

public sealed class RoundTripTests
{
    [Fact]
    public void Manifest_WrittenAndRead_IsTheSame()
    {
        var manifest = Recorded.Read<Manifest>() with { FinishedAt = DateTimeOffset.MaxValue, StoredSize = long.MaxValue };

        var read = RoundTrip(manifest);

        (read with { Tools = manifest.Tools, Recipients = manifest.Recipients, Objects = manifest.Objects, Parents = manifest.Parents }).ShouldBe(manifest);
        read.Tools.ShouldBe(manifest.Tools, ignoreOrder: true);
        read.Recipients.ShouldBe(manifest.Recipients);
        read.Objects.ShouldBe(manifest.Objects);
        read.Parents.ShouldBe(manifest.Parents);
    }

    [Fact]
    public void Manifest_OptionalMembersMissing_HaveTheirDefaults()
    {
        var node = Recorded.Node("Manifest").AsObject();
        node.Remove("parents");
        node.Remove("previous_manifest_sha256");

        var manifest = node.Deserialize<Manifest>(ContractJson.Options)!;

        manifest.Parents.ShouldBeEmpty();
        manifest.PreviousManifestSha256.ShouldBeNull();
    }

    [Fact]
    public void JobResult_WrittenAndRead_IsTheSame()
    {
        var result = Recorded.Read<JobResult>() with { Output = new JsonObject { ["backup_id"] = "id", ["rows"] = long.MaxValue } };

        var read = RoundTrip(result);

        (read with { Warnings = result.Warnings, Output = result.Output, PhaseSeconds = result.PhaseSeconds }).ShouldBe(result);
        read.Warnings.ShouldBe(result.Warnings);
        read.PhaseSeconds.ShouldBe(result.PhaseSeconds, ignoreOrder: true);
        JsonNode.DeepEquals(read.Output, result.Output).ShouldBeTrue();
    }

    [Fact]
    public void JobResult_OfASuccess_HasNoErrorAndEmptyListsWhenTheyAreMissing()
    {
        var node = Recorded.Node("JobResult").AsObject();
        foreach (var optional in new[] { "error_code", "error", "warnings", "output", "phase_seconds" })
        {
            node.Remove(optional);
        }

        var result = node.Deserialize<JobResult>(ContractJson.Options)!;

        result.Error.ShouldBeNull();
        result.ErrorCode.ShouldBeNull();
        result.Output.ShouldBeNull();
        result.Warnings.ShouldBeEmpty();
        result.PhaseSeconds.ShouldBeEmpty();
    }

    [Fact]
    public void JobSpec_Parameters_ReadAsTheKindsOwn()
    {
        var spec = Recorded.Read<JobSpec>();

        spec.Kind.ShouldBe(JobKinds.FetchBackup);
        spec.Parameters.Deserialize<FetchBackupParameters>(ContractJson.Options)
            .ShouldBe(new FetchBackupParameters("r1", "20261121T020000123Z-9f3c01ab"));
    }

    [Fact]
    public void DisasterRecoveryReport_WrittenAndRead_IsTheSame()
    {
        var report = Recorded.Read<DisasterRecoveryReport>();

        var read = RoundTrip(report);

        (read with { Steps = report.Steps, Warnings = report.Warnings }).ShouldBe(report);
        read.Steps.ShouldBe(report.Steps);
        read.Warnings.ShouldBe(report.Warnings);
        read.StartTime.Kind.ShouldBe(DateTimeKind.Utc);
    }

    [Fact]
    public void DisasterRecoveryReport_BackupNeverChosen_ReadsBack()
    {
        // A recovery that fails at its first step has no backup id, and its report must not be the one that cannot be read.
        var report = Recorded.Read<DisasterRecoveryReport>() with { BackupId = null, Success = false };

        RoundTrip(report).BackupId.ShouldBeNull();
    }

    private static T RoundTrip<T>(T value) => JsonSerializer.Deserialize<T>(JsonSerializer.Serialize(value, ContractJson.Options), ContractJson.Options)!;
}
