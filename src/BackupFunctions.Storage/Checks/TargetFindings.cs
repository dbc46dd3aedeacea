using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Storage.Checks;

/// <summary>The findings about one target as they come.</summary>
internal sealed class TargetFindings(string target)
{
    private readonly List<TargetFinding> _findings = [];

    public double? LatencyMilliseconds { get; set; }

    public long? FreeBytes { get; set; }

    public void Add(TargetFinding finding) => _findings.Add(finding);

    /// <summary>Makes one check; what it throws is its finding.</summary>
    /// <returns>False: it failed.</returns>
    public async Task<bool> TryAsync(string check, Func<Task<TargetFinding>> look, CancellationToken cancellationToken)
    {
        TargetFinding finding;
        try
        {
            finding = await look();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            finding = new TargetFinding(check, CheckStatus.Fail, Sentence(e));
        }

        Add(finding);
        return finding.Status != CheckStatus.Fail;
    }

    public TargetReport ToReport() => new()
    {
        Target = target,
        Status = _findings.Count == 0 ? CheckStatus.Ok : _findings.Max(finding => finding.Status),
        Findings = [.. _findings],
        LatencyMilliseconds = LatencyMilliseconds,
        FreeBytes = FreeBytes,
    };

    private static string Sentence(Exception exception) =>
        exception is PgdrException known ? known.Message : $"It failed unexpectedly: {exception.GetType().Name}.";
}
