using System.Runtime.InteropServices;

namespace BackupFunctions.EndToEnd.Tests.Support;

/// <summary>A job's process, stopped as soon as it is there, so that its step lasts as long as a test needs it.</summary>
internal sealed partial class HeldJob
{
    /// <summary>kill(2) on Linux.</summary>
    private const int SigStop = 19;

    private const int SigCont = 18;

    private readonly int _process;

    private HeldJob(string runId, int process) => (RunId, _process) = (runId, process);

    public string RunId { get; }

    /// <summary>Waits for the first job of a kind; call it before the host can start one.</summary>
    public static Task<HeldJob> WatchAsync(RunFolders runs, string kind) => Task.Run(async () =>
    {
        var run = await runs.FirstAsync(kind);
        var job = new HeldJob(run, (await runs.ProcessAsync(run)).Id);
        Kill(job._process, SigStop).ShouldBe(0);
        runs.Store.ReadResult(run).ShouldBeNull("the job was stopped in time");
        return job;
    });

    public void Release() => Kill(_process, SigCont).ShouldBe(0);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
