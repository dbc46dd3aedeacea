using System.Text;
using BackupFunctions.Contracts;

namespace BackupFunctions.Cli.Recovery;

/// <summary>Values of --tablespace-map, written as those of pg_basebackup --tablespace-mapping.</summary>
internal static class TablespaceMapOption
{
    /// <exception cref="PgdrException">settings.invalid: not OLD=NEW with absolute paths, or OLD is named twice.</exception>
    public static IReadOnlyDictionary<string, string> Parse(IEnumerable<string> values)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var value in values)
        {
            var sides = Split(value);
            if (sides is not [['/', ..] old, ['/', ..] moved])
            {
                throw new PgdrException(ErrorCodes.InvalidSettings, $"--tablespace-map {value} is not OLD=NEW with two absolute paths: write for example --tablespace-map /disk1/fast=/disk2/fast.");
            }

            if (!map.TryAdd(old, moved))
            {
                throw new PgdrException(ErrorCodes.InvalidSettings, $"--tablespace-map names {old} twice: each tablespace goes to one place.");
            }
        }

        return map;
    }

    private static List<string> Split(string value)
    {
        var sides = new List<string>();
        var side = new StringBuilder();
        for (var at = 0; at < value.Length; at++)
        {
            if (value[at] is '\\' && at + 1 < value.Length && value[at + 1] is '=')
            {
                side.Append(value[++at]);
            }
            else if (value[at] is '=')
            {
                sides.Add(side.ToString());
                side.Clear();
            }
            else
            {
                side.Append(value[at]);
            }
        }

        sides.Add(side.ToString());
        return sides;
    }
}
