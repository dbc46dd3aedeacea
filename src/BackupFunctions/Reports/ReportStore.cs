using System.Text.Json;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.DisasterRecovery;
using BackupFunctions.JobRunners.Runs;

namespace BackupFunctions.Reports;

/// <summary>Reports of recoveries, one file each; they stay when the workflow's instance is purged.</summary>
public sealed class ReportStore
{
    private readonly string _folder;

    public ReportStore(string folder) => _folder = folder;

    public void Write(DisasterRecoveryReport report)
    {
        PrivateFiles.CreateFolder(_folder);
        PrivateFiles.Write(Path.Combine(_folder, $"{report.RestoreLogId}.json"), JsonSerializer.SerializeToUtf8Bytes(report, ContractJson.Indented));
    }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<DisasterRecoveryReport> List() => Directory.Exists(_folder)
        ? [.. Directory.EnumerateFiles(_folder, "*.json")
            .OrderDescending(StringComparer.Ordinal)
            .Select(path => JsonSerializer.Deserialize<DisasterRecoveryReport>(File.ReadAllBytes(path), ContractJson.Options)!)]
        : [];
}
