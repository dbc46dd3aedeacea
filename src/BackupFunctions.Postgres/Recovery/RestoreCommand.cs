using System.Runtime.InteropServices;
using System.Text;
using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Files;

namespace BackupFunctions.Postgres.Recovery;

/// <summary>
/// restore_command of a server that this process recovers: a script that asks by a named pipe and waits for the answer on another, so that
/// no program starts for each segment and segments are fetched ahead. PostgreSQL asks for one file at a time.
/// </summary>
internal sealed partial class RestoreCommand : IAsyncDisposable
{
    /// <summary>PostgreSQL goes on with what it has.</summary>
    private const int Absent = 1;

    /// <summary>PostgreSQL stops: more than 125 is never taken for the end of the log.</summary>
    private const int MustStop = 200;

    /// <summary>Where PostgreSQL wants its log, relative to the data directory; nothing else is written to.</summary>
    private const string LogFolder = "pg_wal/";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly PrivateFolder _folder;
    private readonly IWalSource _source;
    private readonly string _dataFolder;
    private readonly CancellationTokenSource _stopped = new();
    private readonly FileStream _asks;
    private readonly FileStream _answers;
    private readonly Task _serving;

    private RestoreCommand(PrivateFolder folder, IWalSource source, string dataFolder)
    {
        (_folder, _source, _dataFolder) = (folder, source, dataFolder);

        // Opened for both directions, so that neither side's opening waits for the other.
        _asks = new FileStream(Path.Combine(folder.Path, "ask"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        _answers = new FileStream(Path.Combine(folder.Path, "answer"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        _serving = Task.Run(ServeAsync);
    }

    /// <summary>For postgresql.conf.</summary>
    public string Setting => $"/bin/sh \"{Path.Combine(_folder.Path, "restore-command")}\" \"%f\" \"%p\"";

    /// <summary>Why the recovery had to stop; null while it has not.</summary>
    public PgdrException? Failure { get; private set; }

    /// <summary>What was asked for last.</summary>
    public RestoreCommandState State { get; private set; } = new(null, null, 0);

    /// <param name="parent">Where its private folder is made; the server's account can pass through it.</param>
    /// <param name="dataFolder">The server's data directory: it names destinations relative to it.</param>
    /// <param name="source">Answers.</param>
    /// <param name="cancellationToken">Ends the making of it.</param>
    public static async Task<RestoreCommand> CreateAsync(string parent, string dataFolder, IWalSource source, CancellationToken cancellationToken)
    {
        var folder = PrivateFolder.Create(parent, "recovery-");
        try
        {
            foreach (var pipe in new[] { "ask", "answer" })
            {
                var path = Path.Combine(folder.Path, pipe);
                if (MakePipe(path, (int)OwnerOnly) != 0)
                {
                    throw new PgdrException(ErrorCodes.InvalidSettings, $"A named pipe cannot be made in {folder.Path} (error {Marshal.GetLastPInvokeError()}): choose a work folder on a local disk.");
                }
            }

            await File.WriteAllTextAsync(
                Path.Combine(folder.Path, "restore-command"),
                $"""
                printf '%s\t%s\n' "$1" "$2" > '{folder.Path}/ask' || exit 255
                read -r code < '{folder.Path}/answer' || exit 255
                exit "$code"

                """,
                cancellationToken);
            await ServerAccount.OwnAsync(folder.Path, cancellationToken);
            return new RestoreCommand(folder, source, dataFolder);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();

        // Reading a pipe takes no token: a line of our own ends it.
        await File.AppendAllTextAsync(Path.Combine(_folder.Path, "ask"), "\n");
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _asks.DisposeAsync();
        await _answers.DisposeAsync();
        _stopped.Dispose();
        _folder.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "mkfifo", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakePipe(string path, int mode);

    private async Task ServeAsync()
    {
        using var lines = new StreamReader(_asks, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, bufferSize: 1024, leaveOpen: true);
        while (await lines.ReadLineAsync() is { } line && !_stopped.IsCancellationRequested)
        {
            var code = await AnswerAsync(line);
            await _answers.WriteAsync(Encoding.ASCII.GetBytes($"{code}\n"));
        }
    }

    private async Task<int> AnswerAsync(string line)
    {
        try
        {
            var (file, destination) = Parse(line);
            var delivered = await _source.FetchAsync(file, destination, _stopped.Token);
            if (delivered)
            {
                ServerAccount.OwnFile(destination);
            }

            State = State.With(file, delivered);
            return delivered ? 0 : Absent;
        }
        catch (PgdrException e)
        {
            Failure ??= e;
            return MustStop;
        }
        catch (Exception e)
        {
            Failure ??= new PgdrException(ErrorCodes.Unexpected, $"The log that the server asked for could not be given to it (an unexpected {e.GetType().Name}).", e);
            return MustStop;
        }
    }

    private (string File, string Destination) Parse(string line)
    {
        if (line.Split('\t') is not [var file, var destination]
            || !destination.StartsWith(LogFolder, StringComparison.Ordinal) || destination.AsSpan(LogFolder.Length).ContainsAny("/\\") || file.AsSpan().ContainsAny("/\\"))
        {
            throw new PgdrException(ErrorCodes.Unexpected, "The recovering server asked for something that is not its log.");
        }

        return (file, Path.Combine(_dataFolder, destination));
    }
}
