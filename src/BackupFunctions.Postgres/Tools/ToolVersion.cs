using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace BackupFunctions.Postgres.Tools;

/// <summary>Versions as the tools print them: <c>pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)</c>.</summary>
internal static partial class ToolVersion
{
    /// <summary>Null when one of the tools is not in the folder or does not answer.</summary>
    public static async Task<IReadOnlyDictionary<string, string>?> ReadAllAsync(string folder, CancellationToken cancellationToken)
    {
        if (!PgTools.Names.All(name => File.Exists(Path.Combine(folder, name))))
        {
            return null;
        }

        // Side by side: every job waits for this before it begins.
        var versions = await Task.WhenAll(PgTools.Names.Select(name => ReadAsync(Path.Combine(folder, name), cancellationToken)));
        return versions.Contains(null)
            ? null
            : PgTools.Names.Zip(versions).ToDictionary(static pair => pair.First, static pair => pair.Second!, StringComparer.Ordinal);
    }

    public static int Major(string version) =>
        int.Parse(Digits().Match(version).ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>Null when it does not answer.</summary>
    public static async Task<string?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var output = new StringBuilder();
        var result = await PgToolRunner.RunAsync(
            new ToolCommand(path, ["--version"]) { OutputLine = line => output.AppendLine(line) }, cancellationToken);
        var match = Version().Match(output.ToString());
        return result.ExitCode == 0 && match.Success ? match.Groups["version"].Value : null;
    }

    [GeneratedRegex(@"\(PostgreSQL\) (?<version>\d+[.\w]*)", RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex Version();

    [GeneratedRegex(@"^\d+", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Digits();
}
