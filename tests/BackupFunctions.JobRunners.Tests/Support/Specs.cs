using System.Text.Json.Nodes;
using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.JobRunners.Tests.Support;

internal static class Specs
{
    public static JobSpec Create(string runId, string database = "shop") => new()
    {
        RunId = runId,
        Kind = JobKinds.FullBackup,
        InstanceId = "instance-1",
        Parameters = new JsonObject { ["database"] = database, ["reason"] = "manual" },
    };

    public static JobResult Result(string runId, JobState state = JobState.Succeeded) => new()
    {
        RunId = runId,
        State = state,
        StartedAt = DateTimeOffset.UnixEpoch,
        FinishedAt = DateTimeOffset.UnixEpoch.AddSeconds(1),
    };
}
