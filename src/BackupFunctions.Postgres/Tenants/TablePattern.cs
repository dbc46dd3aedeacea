namespace BackupFunctions.Postgres.Tenants;

/// <summary>Patterns of names: * stands for any characters, ? for one.</summary>
internal static class TablePattern
{
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        int at = 0, inName = 0, star = -1, afterStar = 0;
        while (inName < name.Length)
        {
            if (at < pattern.Length && (pattern[at] == '?' || (pattern[at] == name[inName] && pattern[at] != '*')))
            {
                (at, inName) = (at + 1, inName + 1);
            }
            else if (at < pattern.Length && pattern[at] == '*')
            {
                (star, afterStar) = (at++, inName);
            }
            else if (star >= 0)
            {
                (at, inName) = (star + 1, ++afterStar);
            }
            else
            {
                return false;
            }
        }

        return pattern[at..].TrimStart('*').IsEmpty;
    }
}
