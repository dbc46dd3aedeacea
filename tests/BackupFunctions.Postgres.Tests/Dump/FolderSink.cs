using System.Collections.Concurrent;
using BackupFunctions.Postgres.Dump;

namespace BackupFunctions.Postgres.Tests.Dump;

/// <summary>Puts every file of a dump into a folder, as an unpacked backup would be.</summary>
internal sealed class FolderSink(string folder)
{
    public ConcurrentDictionary<string, bool> Completed { get; } = new(StringComparer.Ordinal);

    public IDumpFileSink Open(string name) => new FileSink(this, name, File.Create(Path.Combine(folder, name)));

    private sealed class FileSink(FolderSink owner, string name, FileStream file) : IDumpFileSink
    {
        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => file.WriteAsync(bytes, cancellationToken);

        public async ValueTask CompleteAsync(CancellationToken cancellationToken)
        {
            await file.DisposeAsync();
            owner.Completed.TryAdd(name, true).ShouldBeTrue();
        }
    }
}
