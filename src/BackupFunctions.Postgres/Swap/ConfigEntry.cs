using BackupFunctions.Postgres.Servers;

namespace BackupFunctions.Postgres.Swap;

/// <summary>One entry of setconfig, <c>name=value</c>.</summary>
internal static class ConfigEntry
{
    /// <summary>Parameters whose stored value is a list of quoted names (GUC_LIST_QUOTE): given as one literal they would become one name.</summary>
    private static readonly HashSet<string> Lists = new(StringComparer.OrdinalIgnoreCase)
    {
        "local_preload_libraries", "search_path", "session_preload_libraries", "shared_preload_libraries", "temp_tablespaces",
        "unix_socket_directories",
    };

    public static (string Name, string Value) Split(string entry)
    {
        var at = entry.IndexOf('=', StringComparison.Ordinal);
        return (entry[..at], entry[(at + 1)..]);
    }

    /// <summary>The tail of ALTER ROLE or ALTER DATABASE that stores this value again.</summary>
    public static string SetClause(string name, string value) =>
        $"SET {Sql.Identifier(name)} TO {(Lists.Contains(name) ? ListLiterals(value) : Sql.Literal(value))}";

    /// <summary>Of a stored list of names.</summary>
    public static IReadOnlyList<string> Names(string value)
    {
        var names = new List<string>();
        var rest = value.AsSpan().Trim();
        while (!rest.IsEmpty)
        {
            names.Add(TakeName(ref rest));
            rest = rest.TrimStart().TrimStart(',').TrimStart();
        }

        return names;
    }

    private static string ListLiterals(string value) => Names(value) is { Count: > 0 } names ? string.Join(", ", names.Select(Sql.Literal)) : "''";

    private static string TakeName(ref ReadOnlySpan<char> rest)
    {
        if (rest[0] != '"')
        {
            var end = rest.IndexOf(',');
            var bare = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[end..];
            return bare.Trim().ToString();
        }

        var name = new System.Text.StringBuilder();
        var at = 1;
        while (at < rest.Length)
        {
            if (rest[at] == '"' && !(at + 1 < rest.Length && rest[at + 1] == '"'))
            {
                at++;
                break;
            }

            name.Append(rest[at]);
            at += rest[at] == '"' ? 2 : 1;
        }

        rest = rest[at..];
        return name.ToString();
    }
}
