using System.Text.Json;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.JobRunners.Runs;

namespace BackupFunctions.EndToEnd.Tests.Support;

/// <summary>The run store as it lies on disk.</summary>
internal sealed class RunFolders(string root)
{
    public RunStore Store { get; } = new(root);

    /// <summary>Run ids of a kind of job, in the order in which a recovery starts them; the runbook names each by the first word of its kind.</summary>
    public IReadOnlyList<string> Of(string kind) => Directory.Exists(root)
        ? [.. Directory.EnumerateDirectories(root, $"dr-*-{kind.Split('-')[0]}").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>The only run of a kind, as soon as there is one.</summary>
    public Task<string> FirstAsync(string kind) => Until.NotNullAsync(() => Task.FromResult(Of(kind) is [var first, ..] ? first : null), () => $"a run of {kind}");

    public string Folder(string runId) => Store.FolderOf(runId);

    /// <summary>The process of a run as its runner knows it.</summary>
    public Task<ProcessIdentity> ProcessAsync(string runId) => Until.NotNullAsync(
        () => Task.FromResult(
            File.Exists(Path.Combine(Folder(runId), "process.json"))
                ? JsonSerializer.Deserialize<ProcessIdentity>(File.ReadAllBytes(Path.Combine(Folder(runId), "process.json")), ContractJson.Options)
                : null),
        () => $"the process of {runId}");

    public TOutput Output<TOutput>(string runId) => Store.ReadResult(runId)!.Output.Deserialize<TOutput>(ContractJson.Options)!;

    /// <summary>How many runs of each kind a recovery made.</summary>
    public IReadOnlyDictionary<string, int> Count() => new[] { JobKinds.SelectBackup, JobKinds.FetchBackup, JobKinds.RestoreDatabase, JobKinds.SwapDatabase }
        .ToDictionary(kind => kind, kind => Of(kind).Count, StringComparer.Ordinal);
}
