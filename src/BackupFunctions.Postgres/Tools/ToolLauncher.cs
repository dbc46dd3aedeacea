using System.Collections.Concurrent;
using System.Diagnostics;

namespace BackupFunctions.Postgres.Tools;

/// <summary>
/// Starts tools so that the kernel ends them when this process dies (PR_SET_PDEATHSIG, by setpriv of util-linux where it is there).
/// "Parent" means the thread that started the tool (prctl(2)), so one thread that never ends starts them all: a thread of the pool
/// would take the tool with it when the pool shrinks.
/// </summary>
internal static class ToolLauncher
{
    private const string Setpriv = "setpriv";

    private static readonly BlockingCollection<Action> Work = [];
    private static readonly Lazy<bool> DiesWithUs = new(SetprivWorks);

    static ToolLauncher() => new Thread(Run) { IsBackground = true, Name = "pg tool launcher" }.Start();

    public static Task<Process> StartAsync(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                if (DiesWithUs.Value)
                {
                    RunBySetpriv(start);
                }

                started.SetResult(Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start"));
            }
            catch (Exception exception)
            {
                started.SetException(exception);
            }
        });
        return started.Task;
    }

    private static void Run()
    {
        foreach (var action in Work.GetConsumingEnumerable())
        {
            action();
        }
    }

    private static void RunBySetpriv(ProcessStartInfo start)
    {
        string[] arguments = ["--pdeathsig", "KILL", "--", start.FileName];
        for (var i = 0; i < arguments.Length; i++)
        {
            start.ArgumentList.Insert(i, arguments[i]);
        }

        start.FileName = Setpriv;
    }

    private static bool SetprivWorks()
    {
        try
        {
            var start = new ProcessStartInfo(Setpriv, ["--pdeathsig", "KILL", "--", "true"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var process = Process.Start(start);
            process?.WaitForExit();
            return process?.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
