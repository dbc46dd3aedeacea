using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Jobs.Restore.Physical;

/// <summary>Which objects of a restore need not be fetched again: one line each, name and SHA-256, in a file that only grows.</summary>
internal sealed class CompletedObjects
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _complete;
    private readonly string _path;

    public CompletedObjects(string path)
    {
        _path = path;
        // A line that a crash cut short is none of an object.
        _complete = File.Exists(path) ? new HashSet<string>(File.ReadAllLines(path), StringComparer.Ordinal) : new HashSet<string>(StringComparer.Ordinal);
    }

    public bool Contains(ManifestObject stored)
    {
        lock (_lock)
        {
            return _complete.Contains(LineOf(stored));
        }
    }

    public void Add(ManifestObject stored)
    {
        lock (_lock)
        {
            // Begins with the line break: it must not become part of a line that was cut short.
            File.AppendAllText(_path, $"\n{LineOf(stored)}\n");
            _complete.Add(LineOf(stored));
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            File.Delete(_path);
            _complete.Clear();
        }
    }

    private static string LineOf(ManifestObject stored) => $"{stored.Name} {stored.Sha256}";
}
