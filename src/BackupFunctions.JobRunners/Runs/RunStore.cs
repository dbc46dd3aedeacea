using System.Text.Json;
using System.Text.RegularExpressions;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.JobRunners.Runs;

/// <summary>
/// Runs as folders: <c>spec.json</c> (what), <c>lock</c> (held while the job lives), <c>process.json</c> (pid and start time),
/// <c>progress.json</c>, <c>result.json</c>, <c>cancel</c> (asked to stop), <c>state/</c> (the job's own), <c>log</c>.
/// Every file appears whole: written beside, then renamed.
/// </summary>
public sealed partial class RunStore
{
    private readonly string _root;

    public RunStore(string root) => _root = root;

    public string FolderOf(string runId) => RunIds().IsMatch(runId)
        ? Path.Combine(_root, runId)
        : throw new PgdrException(ErrorCodes.InvalidSettings, $"'{runId}' is not a run id: use letters, digits, '-', '_' and '.' only.");

    public string LogOf(string runId) => Path.Combine(FolderOf(runId), "log");

    /// <summary>Creates the run's folder with its specification; an existing one keeps the specification it has.</summary>
    public void Create(JobSpec spec)
    {
        var folder = FolderOf(spec.RunId);
        PrivateFiles.CreateFolder(_root);
        PrivateFiles.CreateFolder(folder);
        if (!File.Exists(Path.Combine(folder, "spec.json")))
        {
            PrivateFiles.Write(Path.Combine(folder, "spec.json"), JsonSerializer.SerializeToUtf8Bytes(spec, ContractJson.Indented));
        }
    }

    public JobSpec? ReadSpec(string runId) => Read<JobSpec>(runId, "spec.json");

    public JobProgress? ReadProgress(string runId) => Read<JobProgress>(runId, "progress.json");

    public JobResult? ReadResult(string runId) => Read<JobResult>(runId, "result.json");

    public void WriteProgress(string runId, JobProgress progress) => Write(runId, "progress.json", progress);

    public void WriteResult(JobResult result) => Write(result.RunId, "result.json", result);

    public void WriteProcess(string runId, ProcessIdentity process) => Write(runId, "process.json", process);

    public bool IsCancelRequested(string runId) => File.Exists(Path.Combine(FolderOf(runId), "cancel"));

    public void RequestCancel(string runId)
    {
        if (Directory.Exists(FolderOf(runId)))
        {
            PrivateFiles.Write(Path.Combine(FolderOf(runId), "cancel"), []);
        }
    }

    /// <summary>Forgets a run that has ended and that nobody will ask for again.</summary>
    public void Delete(string runId)
    {
        try
        {
            Directory.Delete(FolderOf(runId), recursive: true);
        }
        catch (IOException)
        {
            // Its process has written something in this moment, or it is gone already: nothing depends on it.
        }
    }

    /// <summary>Alive: the lock is held, or the process that was started for it (and may not hold the lock yet) still exists.</summary>
    public bool IsAlive(string runId) =>
        RunLock.IsHeld(FolderOf(runId)) || (Read<ProcessIdentity>(runId, "process.json")?.Exists() ?? false);

    /// <summary>State, last progress and result together.</summary>
    public JobStatus GetStatus(string runId)
    {
        if (ReadSpec(runId) is null)
        {
            return new JobStatus(JobState.Unknown, Progress: null, Result: null);
        }

        // Alive is asked before the result: a job that ends in between is seen by its result, never as lost.
        var alive = IsAlive(runId);
        var result = ReadResult(runId);
        var state = result?.State ?? (alive ? JobState.Running : JobState.Lost);
        return new JobStatus(state, ReadProgress(runId), result);
    }

    /// <summary>The folder that all runs are in.</summary>
    public string Root => _root;

    /// <summary>Ids of all runs there are, ended or not.</summary>
    public IEnumerable<string> ListIds() => Directory.Exists(_root)
        ? Directory.EnumerateDirectories(_root)
            .Where(folder => File.Exists(Path.Combine(folder, "spec.json")))
            .Select(folder => Path.GetFileName(folder))
            .Where(runId => RunIds().IsMatch(runId))
        : [];

    /// <summary>Specifications of the runs that are alive and have no result yet.</summary>
    public IReadOnlyList<JobSpec> ListRunning() => !Directory.Exists(_root)
        ? []
        :
        [
            .. from folder in Directory.EnumerateDirectories(_root)
               let runId = Path.GetFileName(folder)
               where RunIds().IsMatch(runId) && !File.Exists(Path.Combine(folder, "result.json")) && IsAlive(runId)
               select ReadSpec(runId) into spec
               where spec is not null
               select spec,
        ];

    private T? Read<T>(string runId, string name)
        where T : class
    {
        var path = Path.Combine(FolderOf(runId), name);
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), ContractJson.Options);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException e)
        {
            throw new PgdrException(
                ErrorCodes.ObjectDamaged, $"{path} is damaged: remove the folder of this run, and start the work again under a new run id.", e);
        }
    }

    private void Write<T>(string runId, string name, T value) =>
        PrivateFiles.Write(Path.Combine(FolderOf(runId), name), JsonSerializer.SerializeToUtf8Bytes(value, ContractJson.Indented));

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9_.-]{0,149}\z", RegexOptions.NonBacktracking)]
    private static partial Regex RunIds();
}
