using System.Collections.Concurrent;
using BackupFunctions.Postgres.Dump;

namespace BackupFunctions.Jobs.Recovery;

/// <summary>The files of a dump that stays on this machine; those of a dump that failed are closed, too.</summary>
internal sealed class DumpFolderFiles(string folder) : IAsyncDisposable
{
    private readonly ConcurrentBag<DumpFileWriter> _open = [];

    public IDumpFileSink Open(string name)
    {
        var file = new DumpFileWriter(Path.Combine(folder, name));
        _open.Add(file);
        return file;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var file in _open)
        {
            await file.DisposeAsync();
        }
    }
}
