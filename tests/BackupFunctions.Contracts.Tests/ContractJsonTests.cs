using System.Text;
using System.Text.Json;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.DisasterRecovery;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Contracts.ManualBackups;

namespace BackupFunctions.Contracts.Tests;

public sealed class ContractJsonTests
{
    [Fact]
    public void Names_Members_AreSnakeCase() =>
        Write(new SelectBackupParameters("shop", "id", "main")).ShouldBe("""{"database":"shop","backup_id":"id","target_server":"main"}""");

    [Fact]
    public void Names_KeysOfDictionaries_StayAsTheyAre() =>
        Write(new Dictionary<string, string>(StringComparer.Ordinal) { ["pg_dumpAll"] = "15.20" }).ShouldBe("""{"pg_dumpAll":"15.20"}""");

    [Theory]
    [InlineData(BackupStatus.Pending, "PENDING")]
    [InlineData(BackupStatus.InProgress, "IN_PROGRESS")]
    [InlineData(BackupStatus.Completed, "COMPLETED")]
    [InlineData(BackupStatus.Verified, "VERIFIED")]
    [InlineData(BackupStatus.Proven, "PROVEN")]
    [InlineData(BackupStatus.Failed, "FAILED")]
    [InlineData(BackupKind.Full, "FULL")]
    [InlineData(BackupKind.Base, "BASE")]
    [InlineData(BackupKind.Incremental, "INCREMENTAL")]
    [InlineData(BackupKind.Tenant, "TENANT")]
    [InlineData(ManualBackupKind.Full, "FULL")]
    [InlineData(ManualBackupKind.Base, "BASE")]
    [InlineData(ManualBackupKind.Incremental, "INCREMENTAL")]
    [InlineData(ManualBackupKind.Tenant, "TENANT")]
    [InlineData(ManualBackupKind.Archive, "ARCHIVE")]
    [InlineData(ManualBackupKind.Configuration, "CONFIGURATION")]
    [InlineData(ManualBackupOutcome.Verified, "VERIFIED")]
    [InlineData(ManualBackupOutcome.Completed, "COMPLETED")]
    [InlineData(ManualBackupOutcome.Failed, "FAILED")]
    [InlineData(ManualBackupOutcome.Canceled, "CANCELED")]
    [InlineData(ManualBackupState.Waiting, "WAITING")]
    [InlineData(ManualBackupState.Running, "RUNNING")]
    [InlineData(ManualBackupState.Notifying, "NOTIFYING")]
    [InlineData(ManualBackupState.Ended, "ENDED")]
    [InlineData(TenantMode.Column, "COLUMN")]
    [InlineData(TenantMode.Schema, "SCHEMA")]
    [InlineData(TenantTableKind.Column, "COLUMN")]
    [InlineData(TenantTableKind.ForeignKey, "FOREIGN_KEY")]
    [InlineData(TenantTableKind.Schema, "SCHEMA")]
    [InlineData(TenantTableKind.Shared, "SHARED")]
    [InlineData(TenantTableKind.Structure, "STRUCTURE")]
    [InlineData(JobState.Unknown, "UNKNOWN")]
    [InlineData(JobState.Running, "RUNNING")]
    [InlineData(JobState.Succeeded, "SUCCEEDED")]
    [InlineData(JobState.Failed, "FAILED")]
    [InlineData(JobState.Canceled, "CANCELED")]
    [InlineData(JobState.Lost, "LOST")]
    [InlineData(StepStatus.Pending, "PENDING")]
    [InlineData(StepStatus.Running, "RUNNING")]
    [InlineData(StepStatus.Waiting, "WAITING")]
    [InlineData(StepStatus.Completed, "COMPLETED")]
    [InlineData(StepStatus.Failed, "FAILED")]
    [InlineData(StepStatus.Skipped, "SKIPPED")]
    [InlineData(StatementKind.Verified, "VERIFIED")]
    [InlineData(StatementKind.Proven, "PROVEN")]
    [InlineData(StatementKind.Quarantined, "QUARANTINED")]
    [InlineData(StatementKind.Deleted, "DELETED")]
    [InlineData(StatementKind.Rewrapped, "REWRAPPED")]
    [InlineData(StatementKind.Tombstoned, "TOMBSTONED")]
    [InlineData(StatementKind.TombstoneCancelled, "TOMBSTONE_CANCELLED")]
    [InlineData(StatementKind.DeletionStarted, "DELETION_STARTED")]
    public void Enums_EveryValue_IsUpperSnakeCaseBothWays(object value, string text)
    {
        JsonSerializer.Serialize(value, value.GetType(), ContractJson.Options).ShouldBe($"\"{text}\"");
        JsonSerializer.Deserialize($"\"{text}\"", value.GetType(), ContractJson.Options).ShouldBe(value);
    }

    [Fact]
    public void Enums_UnknownText_IsAnErrorAndNotADefault() =>
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<BackupStatus>("\"ROTTEN\"", ContractJson.Options));

    [Fact]
    public void Nulls_Members_AreLeftOut() =>
        Write(new SelectBackupParameters("shop", BackupId: null, TargetServer: null)).ShouldBe("""{"database":"shop"}""");

    [Fact]
    public void Nulls_LeftOut_ReadAsNull() =>
        JsonSerializer.Deserialize<SelectBackupParameters>("""{"database":"shop"}""", ContractJson.Options)
            .ShouldBe(new SelectBackupParameters("shop", BackupId: null, TargetServer: null));

    [Fact]
    public void Text_OtherAlphabets_StayReadable() => Write(new FullBackupParameters("Müller & Söhne", "<新>")).ShouldContain("Müller & Söhne");

    [Fact]
    public void Required_Missing_IsAnErrorThatNamesIt() =>
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<JobResult>("""{"run_id":"a","state":"FAILED"}""", ContractJson.Options))
            .Message.ShouldContain("started_at");

    [Fact]
    public void Indented_SameContent_OnSeveralLines()
    {
        var manifest = Recorded.Read<Manifest>();

        var indented = JsonSerializer.Serialize(manifest, ContractJson.Indented);

        indented.Split('\n').Length.ShouldBeGreaterThan(20);
        JsonSerializer.Serialize(JsonSerializer.Deserialize<Manifest>(indented, ContractJson.Options), ContractJson.Options).ShouldBe(Write(manifest));
    }

    [Fact]
    public void Options_Shared_CannotBeChanged()
    {
        ContractJson.Options.IsReadOnly.ShouldBeTrue();
        ContractJson.Indented.IsReadOnly.ShouldBeTrue();
    }

    private static string Write<T>(T value) => Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(value, ContractJson.Options));
}
