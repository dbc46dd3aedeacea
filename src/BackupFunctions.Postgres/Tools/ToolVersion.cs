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
        var versions = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in PgTools.Names)
        {
            if (await ReadAsync(Path.Combine(folder, name), cancellationToken) is not { } version)
            {
                return null;
            }

            versions.Add(name, version);
        }

        return versions;
    }

    public static int Major(string version) =>
        int.Parse(Digits().Match(version).ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    private static async Task<string?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        var output = new StringBuilder();
        var result = await PgToolRunner.RunAsync(
            new ToolCommand(path, ["--version"]) { OutputLine = line => output.AppendLine(line) }, cancellationToken);
        var match = Version().Match(output.ToString());
        return result.ExitCode == 0 && match.Success ? match.Groups["version"].Value : null;
    }

    [GeneratedRegex(@"\(PostgreSQL\) (?<version>\d+[.\w]*)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Version();

    [GeneratedRegex(@"^\d+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Digits();
}
