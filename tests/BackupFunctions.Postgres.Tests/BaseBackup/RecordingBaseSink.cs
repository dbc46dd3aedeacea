using BackupFunctions.Postgres.BaseBackup;

namespace BackupFunctions.Postgres.Tests.BaseBackup;

internal sealed class RecordingBaseSink : IBaseBackupSink
{
    public List<(string Path, UnixFileMode Mode)> Directories { get; } = [];

    public List<(string Path, string Content)> Files { get; } = [];

    public List<long> Lengths { get; } = [];

    public void Directory(string path, UnixFileMode mode) => Directories.Add((path, mode));

    public Task FileAsync(string path, UnixFileMode mode, long length, Stream content, CancellationToken cancellationToken)
    {
        Lengths.Add(length);
        return AddAsync(path, content);
    }

    public Task ManifestAsync(Stream content, CancellationToken cancellationToken) => AddAsync("backup_manifest", content);

    private async Task AddAsync(string path, Stream content)
    {
        using var reader = new StreamReader(content);
        Files.Add((path, await reader.ReadToEndAsync()));
    }
}
