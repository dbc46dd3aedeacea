using System.Collections.Concurrent;
using System.Threading.Channels;
using BackupFunctions.Postgres.Native;

namespace BackupFunctions.Postgres.Dump;

/// <summary>Hands out the files of a folder as they appear and marks them when they are closed.</summary>
internal sealed class FolderWatch : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private readonly string _folder;
    private readonly Inotify _inotify;
    private readonly Thread _thread;
    private readonly ConcurrentDictionary<string, GrowingFile> _open = new(StringComparer.Ordinal);
    private readonly Channel<GrowingFile> _files = Channel.CreateUnbounded<GrowingFile>();
    private volatile bool _writerEnded;
    private volatile bool _stopped;

    public FolderWatch(string folder)
    {
        _folder = folder;
        _inotify = new Inotify(folder);
        _thread = new Thread(Run) { IsBackground = true, Name = "dump folder watch" };
        _thread.Start();
    }

    /// <summary>Ends after <see cref="WriterEnded"/>, when all have been handed out.</summary>
    public ChannelReader<GrowingFile> Files => _files.Reader;

    /// <summary>pg_dump has ended: no file grows any more, and what is in the folder is all there is.</summary>
    public void WriterEnded() => _writerEnded = true;

    /// <summary>The file has been read to its end and deleted.</summary>
    public void Forget(GrowingFile file) => _open.TryRemove(file.Name, out _);

    public void Dispose()
    {
        _stopped = true;
        _thread.Join();
        _inotify.Dispose();
    }

    private void Run()
    {
        try
        {
            while (!_stopped)
            {
                var ended = _writerEnded;
                while (_inotify.Read(ended ? TimeSpan.Zero : Poll, Take) && !_stopped)
                {
                }

                if (ended)
                {
                    Scan();
                    CloseAll();
                    break;
                }
            }

            _files.Writer.TryComplete();
        }
        catch (Exception exception)
        {
            _files.Writer.TryComplete(exception);
        }
    }

    private void Take(InotifyEvent happened)
    {
        if (happened.IsOverflow)
        {
            // Lost events: new files are found by looking, lost ends show when pg_dump ends.
            Scan();
        }
        else if (happened.IsCreated)
        {
            Add(happened.Name);
        }
        else if (happened.IsClosed && _open.TryGetValue(happened.Name, out var file))
        {
            file.MarkClosed();
        }
    }

    private void Scan()
    {
        foreach (var path in Directory.EnumerateFiles(_folder))
        {
            Add(Path.GetFileName(path));
        }
    }

    private void Add(string name)
    {
        var file = new GrowingFile(name);
        // A listing may be older than a deletion. No name ever comes back, so a file that is gone was done.
        if (_open.TryAdd(name, file) && (File.Exists(Path.Combine(_folder, name)) || !_open.TryRemove(name, out _)))
        {
            _files.Writer.TryWrite(file);
        }
    }

    private void CloseAll()
    {
        foreach (var file in _open.Values)
        {
            file.MarkClosed();
        }
    }
}
