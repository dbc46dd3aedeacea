using System.Diagnostics;

namespace BackupFunctions.JobRunners.Tests.Support;

/// <summary>A shell script with its standard input in the test's hand; killed at the end of the test.</summary>
internal sealed class HelperProcess : IDisposable
{
    private readonly Process _process;

    public HelperProcess(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo("sh", ["-c", script, "sh", .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        _process = Process.Start(start) ?? throw new InvalidOperationException("sh did not start");
    }

    public int Id => _process.Id;

    public StreamReader Output => _process.StandardOutput;

    public void CloseInput() => _process.StandardInput.Close();

    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }
}
