using System.Globalization;
using BackupFunctions.Jobs.Files;
using BackupFunctions.Postgres.Configuration;
using BackupFunctions.Settings;

namespace BackupFunctions.Jobs.Configuration;

/// <summary>The files of this machine that CONFIGURATION_FILES names. A pattern that finds nothing, and a file that is not taken, are named.</summary>
internal static class ConfiguredFiles
{
    /// <summary>Bytes of all files together.</summary>
    private const long MostOfAll = 256 << 20;

    public static async Task ReadAsync(ConfigurationBackupSettings settings, IConfigurationSink sink, CancellationToken cancellationToken)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var total = 0L;
        foreach (var pattern in settings.Files)
        {
            var found = Find(pattern, sink);
            if (found is { Count: 0 })
            {
                sink.Missing($"No file is called {pattern} (CONFIGURATION_FILES); correct the pattern or leave it out.");
            }

            foreach (var path in (found ?? []).Where(seen.Add))
            {
                if (await ReadAsync(path, FileGlob.Root(pattern), settings.FileLimit, sink, cancellationToken) is not { } content)
                {
                    continue;
                }

                total += content.Length;
                if (total > MostOfAll)
                {
                    sink.Missing($"The files of CONFIGURATION_FILES have more than {MostOfAll >> 20} MiB; {path} and those after it are left out.");
                    return;
                }

                await sink.AddAsync("files" + path, content, cancellationToken);
            }
        }
    }

    /// <summary>Null: that is not known.</summary>
    private static List<string>? Find(string pattern, IConfigurationSink sink)
    {
        try
        {
            return [.. FileGlob.Find(pattern)];
        }
        catch (Exception e) when (JobFolders.IsFileFailure(e))
        {
            sink.Missing($"Files called {pattern} cannot be looked for ({e.Message.TrimEnd('.')}); let this account read their folders.");
            return null;
        }
    }

    private static async Task<byte[]?> ReadAsync(string path, string root, long limit, IConfigurationSink sink, CancellationToken cancellationToken)
    {
        try
        {
            var file = new FileInfo(path);
            if (file.LinkTarget is not null && (file.ResolveLinkTarget(returnFinalTarget: true)?.FullName is not { } target || !IsWithin(root, target)))
            {
                sink.Missing($"{path} is a link that leads out of {root} and is left out; name its target in CONFIGURATION_FILES.");
                return null;
            }

            await using var stream = File.OpenRead(path);
            if (!stream.CanSeek)
            {
                sink.Missing($"{path} is no ordinary file and is left out.");
                return null;
            }

            if (stream.Length > limit)
            {
                sink.Missing(string.Create(CultureInfo.InvariantCulture, $"{path} has more than {limit >> 20} MiB and is left out; set CONFIGURATION_FILE_LIMIT higher."));
                return null;
            }

            var content = new byte[stream.Length];
            await stream.ReadExactlyAsync(content, cancellationToken);
            return content;
        }
        catch (Exception e) when (JobFolders.IsFileFailure(e))
        {
            sink.Missing($"{path} cannot be read ({e.Message.TrimEnd('.')}); let this account read it.");
            return null;
        }
    }

    private static bool IsWithin(string root, string path) => root is "/" || path.StartsWith(root + "/", StringComparison.Ordinal);
}
