using System.Text.Json;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Merges;
using BackupFunctions.JobRunners.Runs;

namespace BackupFunctions.Merges;

/// <summary>
/// Merges that have begun and whose scratch database and files may still be there, a file each: no code of a workflow runs after terminate,
/// so somebody else must know what it has made.
/// </summary>
public sealed class MergeRegister
{
    private readonly string _folder;

    public MergeRegister(string folder) => _folder = folder;

    public void Add(MergeEntry entry)
    {
        PrivateFiles.CreateFolder(_folder);
        PrivateFiles.Write(PathOf(entry.RestoreId), JsonSerializer.SerializeToUtf8Bytes(entry, ContractJson.Options));
    }

    /// <summary>Safe to repeat.</summary>
    public void Remove(string restoreId)
    {
        if (Directory.Exists(_folder))
        {
            File.Delete(PathOf(restoreId));
        }
    }

    /// <summary>The oldest first.</summary>
    /// <param name="onDamaged">Told of a file that cannot be read, by its path: the others are listed all the same.</param>
    public IReadOnlyList<MergeEntry> List(Action<string> onDamaged) => Directory.Exists(_folder)
        ? [.. Directory.EnumerateFiles(_folder, "*.json").Order(StringComparer.Ordinal).Select(path => Read(path, onDamaged)).OfType<MergeEntry>()]
        : [];

    /// <returns>Null: it was removed just now, or is damaged.</returns>
    private static MergeEntry? Read(string path, Action<string> onDamaged)
    {
        try
        {
            return JsonSerializer.Deserialize<MergeEntry>(File.ReadAllBytes(path), ContractJson.Options);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (JsonException)
        {
            onDamaged(path);
            return null;
        }
    }

    private string PathOf(string restoreId) => Path.Combine(_folder, $"{restoreId}.json");
}
