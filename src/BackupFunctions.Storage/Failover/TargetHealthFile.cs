using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.Storage.Failover;

/// <summary>
/// A small JSON file, time of the last failure by target: 0600, replaced in one step. One that is damaged counts as empty. Of two processes
/// that write at the same moment the later wins.
/// </summary>
public sealed class TargetHealthFile(string path, ILogger logger) : ITargetHealthStore
{
    /// <summary>Bytes; far beyond what the targets of one installation take.</summary>
    private const int LargestSize = 64 * 1024;

    /// <summary>Nobody asks for longer ago; keeps names of former targets from staying.</summary>
    private static readonly TimeSpan LongestMemory = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();

    public IReadOnlyDictionary<string, DateTimeOffset> ReadFailures()
    {
        try
        {
            var file = new FileInfo(path);
            return file.Exists && file.Length <= LargestSize
                ? JsonSerializer.Deserialize<Dictionary<string, DateTimeOffset>>(File.ReadAllBytes(path)) ?? []
                : [];
        }
        catch (JsonException)
        {
            return new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.LogWarning("The memory of failed targets in {Path} cannot be read, all are tried in their order: {Cause}", path, e.Message);
            return new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        }
    }

    public void Failed(string target, DateTimeOffset at) => Change(failures =>
    {
        foreach (var former in failures.Where(failure => at - failure.Value > LongestMemory).Select(failure => failure.Key).ToList())
        {
            failures.Remove(former);
        }

        failures[target] = at;
        return true;
    });

    public void Succeeded(string target) => Change(failures => failures.Remove(target));

    private void Change(Func<Dictionary<string, DateTimeOffset>, bool> change)
    {
        lock (_lock)
        {
            var failures = new Dictionary<string, DateTimeOffset>(ReadFailures(), StringComparer.Ordinal);
            if (change(failures))
            {
                Write(JsonSerializer.SerializeToUtf8Bytes(failures));
            }
        }
    }

    private void Write(byte[] json)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}";
        try
        {
            CreateFolder(Path.GetDirectoryName(path)!);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (var file = new FileStream(temporary, options))
            {
                file.Write(json);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.LogWarning("The memory of failed targets in {Path} cannot be written: {Cause}", path, e.Message);
            Remove(temporary);
        }
    }

    private static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static void Remove(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Where it could not be written, it may not be removed either.
        }
    }
}
