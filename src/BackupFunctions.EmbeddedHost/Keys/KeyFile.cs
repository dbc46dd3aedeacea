using System.Text.Json;
using BackupFunctions.Contracts;
using BackupFunctions.EmbeddedHost.Settings;

namespace BackupFunctions.EmbeddedHost.Keys;

/// <summary>
/// keys.json, and initial-keys.json with what was generated at the first start, both mode 0600 in the data folder. Keys are stored hashed; the
/// exception is the durable extension's system key, which the host itself puts into management links. Encrypting that one with a key that
/// would have to lie beside it protects nothing, so the file's mode does.
/// </summary>
internal sealed class KeyFile(string dataFolder)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    public string Path { get; } = System.IO.Path.Combine(dataFolder, "keys.json");

    public string InitialPath { get; } = System.IO.Path.Combine(dataFolder, "initial-keys.json");

    public string LockPath { get; } = System.IO.Path.Combine(dataFolder, "keys.lock");

    public bool Exists => File.Exists(Path);

    public DateTime LastWritten => File.GetLastWriteTimeUtc(Path);

    /// <exception cref="PgdrException">The file is damaged: keys are never made anew over it, because that would lock everybody out.</exception>
    public List<StoredKey> Read()
    {
        try
        {
            return JsonSerializer.Deserialize<List<StoredKey>>(File.ReadAllBytes(Path), Format) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new PgdrException(
                ErrorCodes.InvalidSettings, $"{Path} is damaged: bring it back from a copy, or delete it so that the host makes new keys at its next start.");
        }
    }

    public void Write(IReadOnlyList<StoredKey> keys) => OwnerOnly.Write(Path, JsonSerializer.SerializeToUtf8Bytes(keys, Format));

    public void WriteInitial(IReadOnlyDictionary<string, string> keys) =>
        OwnerOnly.Write(InitialPath, JsonSerializer.SerializeToUtf8Bytes(keys, Format));
}
