using System.ComponentModel;
using System.Diagnostics;
using BackupFunctions.Contracts;

namespace BackupFunctions.EmbeddedHost.PrivateCluster;

/// <summary>Runs the server's tools.</summary>
internal static class CommandRunner
{
    /// <exception cref="PgdrException">The program cannot be started.</exception>
    public static async Task<CommandResult> RunAsync(Command command, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(command.File, command.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // The account of the server may not enter the folder the host was started in.
            WorkingDirectory = "/",
        };
        Sanitize(start);
        using var process = Start(start);
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.StandardInput.WriteAsync(command.Input.AsMemory(), cancellationToken);
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellationToken);
        return new CommandResult(process.ExitCode, await output, await error);
    }

    /// <summary>No PGHOST, PGDATA or PGPORT meant for other servers, no secrets of the host in the server's environment, English messages.</summary>
    private static void Sanitize(ProcessStartInfo start)
    {
        string[] kept = ["PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "TZ", "LD_LIBRARY_PATH"];
        foreach (var name in start.Environment.Keys.Except(kept, StringComparer.Ordinal).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["LC_ALL"] = "C";
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception cause)
        {
            throw new PgdrException(ErrorCodes.ToolMissing, $"{start.FileName} cannot be started: {cause.Message}", cause);
        }
    }
}
