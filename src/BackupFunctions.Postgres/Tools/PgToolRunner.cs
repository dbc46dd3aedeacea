using System.Buffers;
using System.Diagnostics;

namespace BackupFunctions.Postgres.Tools;

/// <summary>
/// Runs PostgreSQL's tools: arguments without a shell, the password by a private file, a minimal environment, output streamed,
/// the whole process tree ended on cancellation and with this process.
/// </summary>
public static class PgToolRunner
{
    private const int ErrorLineLimit = 4 * 1024;
    private const int OutputLineLimit = 1024 * 1024;

    /// <summary>Waits for the tool's end, whatever its exit code.</summary>
    public static async Task<ToolResult> RunAsync(ToolCommand command, CancellationToken cancellationToken)
    {
        using var password = PasswordFile.For(command.Server);
        var start = new ProcessStartInfo(command.Path, command.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        ToolEnvironment.Apply(start.Environment, password?.Path);
        cancellationToken.ThrowIfCancellationRequested();
        using var process = await ToolLauncher.StartAsync(start);
        try
        {
            string? firstError = null;
            void TakeError(string line)
            {
                firstError ??= ToolFailure.IsError(line) ? line : null;
                command.ErrorLine?.Invoke(line);
            }

            await AllOrFirstFailureAsync(
                WriteInputAsync(process, command, cancellationToken),
                LineReader.ReadAsync(process.StandardError.BaseStream, ErrorLineLimit, TakeError, cancellationToken),
                ReadOutputAsync(process, command, cancellationToken));
            await process.WaitForExitAsync(cancellationToken);
            return new ToolResult(process.ExitCode, firstError);
        }
        finally
        {
            await EndAsync(process);
        }
    }

    /// <summary>The same, and an exit code other than 0 is thrown as one sentence.</summary>
    /// <exception cref="Contracts.PgdrException">tool.failed or a more exact code.</exception>
    public static async Task<ToolResult> RunCheckedAsync(ToolCommand command, CancellationToken cancellationToken)
    {
        var result = await RunAsync(command, cancellationToken);
        return result.ExitCode == 0 ? result : throw ToolFailure.Explain(command, result);
    }

    private static async Task WriteInputAsync(Process process, ToolCommand command, CancellationToken cancellationToken)
    {
        if (command.Input is { } write)
        {
            try
            {
                await write(process.StandardInput.BaseStream, cancellationToken);
            }
            catch (ToolInputClosedException)
            {
                // It ended before all was written: its exit code and its own words say why.
                await process.WaitForExitAsync(cancellationToken);
                if (process.ExitCode == 0)
                {
                    throw;
                }

                return;
            }
        }

        process.StandardInput.Close();
    }

    private static async Task ReadOutputAsync(Process process, ToolCommand command, CancellationToken cancellationToken)
    {
        var stream = process.StandardOutput.BaseStream;
        if (command.OutputLine is { } takeLine)
        {
            await LineReader.ReadAsync(stream, OutputLineLimit, takeLine, cancellationToken);
            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
            {
                if (command.Output is { } take)
                {
                    await take(buffer.AsMemory(0, read), cancellationToken);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>One that fails must not leave the others waiting for a tool that nobody reads from.</summary>
    private static async Task AllOrFirstFailureAsync(params List<Task> tasks)
    {
        while (tasks.Count > 0)
        {
            var ended = await Task.WhenAny(tasks);
            tasks.Remove(ended);
            await ended;
        }
    }

    private static async Task EndAsync(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }
}
