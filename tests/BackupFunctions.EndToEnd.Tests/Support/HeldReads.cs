using BackupFunctions.TestSupport;

namespace BackupFunctions.EndToEnd.Tests.Support;

/// <summary>
/// A run store whose disk has become slow: a FIFO in the place of a run's spec.json, which the host reads whenever it looks at the run.
/// Every reader is served until the host stands where the test wants it; that one waits.
/// </summary>
internal sealed class HeldReads
{
    private readonly string _path;
    private readonly byte[] _content;
    private readonly TaskCompletionSource _holding = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HeldReads(string path) => (_path, _content) = (path, File.ReadAllBytes(path));

    /// <summary>Ends when a reader waits.</summary>
    public Task Holding => _holding.Task;

    public static async Task<HeldReads> OfAsync(string runFolder, Func<Task<bool>> isReached)
    {
        var held = new HeldReads(Path.Combine(runFolder, "spec.json"));
        await held.PutPipeAsync();
        _ = Task.Run(() => held.ServeAsync(isReached));
        return held;
    }

    /// <summary>The file is a file again; call it when the reader that waits is dead.</summary>
    public void Release()
    {
        File.WriteAllBytes(_path + ".file", _content);
        File.Move(_path + ".file", _path, overwrite: true);
        _released.SetResult();
    }

    private async Task PutPipeAsync()
    {
        await CommandLine.RunAsync("mkfifo", "-m", "600", _path + ".fifo");
        File.Move(_path + ".fifo", _path, overwrite: true);
    }

    private async Task ServeAsync(Func<Task<bool>> isReached)
    {
        try
        {
            while (true)
            {
                // Opening waits for a reader.
                await using var pipe = new FileStream(_path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
                if (await isReached())
                {
                    _holding.SetResult();
                    await _released.Task;
                    return;
                }

                // A fresh pipe for the next reader: this one may take a while to close his.
                await PutPipeAsync();
                await pipe.WriteAsync(_content);
            }
        }
        catch (Exception e)
        {
            _holding.TrySetException(e);
        }
    }
}
