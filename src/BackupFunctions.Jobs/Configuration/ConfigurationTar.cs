using System.Formats.Tar;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Configuration;

namespace BackupFunctions.Jobs.Configuration;

/// <summary>Writes a configuration as a tar (pax, so that paths may be long) into a stream, and keeps the list of what went in.</summary>
internal sealed class ConfigurationTar(Stream destination, DateTimeOffset takenAt) : IConfigurationSink, IAsyncDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TarWriter _tar = new(destination, TarEntryFormat.Pax, leaveOpen: true);
    private readonly List<ConfigurationItem> _items = [];
    private readonly List<string> _missing = [];

    public ConfigurationContents Contents => new() { Items = _items, Missing = _missing };

    public async Task AddAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        using var data = new MemoryStream(content.ToArray(), writable: false);
        await _tar.WriteEntryAsync(
            new PaxTarEntry(TarEntryType.RegularFile, path) { DataStream = data, Mode = OwnerOnly, ModificationTime = takenAt }, cancellationToken);
        _items.Add(new ConfigurationItem(path, content.Length));
    }

    public void Missing(string sentence) => _missing.Add(sentence);

    public ValueTask DisposeAsync() => _tar.DisposeAsync();
}
