namespace BackupFunctions.Surface.Tests.Comparison;

/// <summary>What of one surface is not, letter by letter, part of another.</summary>
internal static class SurfaceComparer
{
    /// <returns>A sentence for each difference; none when every type and member offered is recorded.</returns>
    public static IEnumerable<string> Differences(IEnumerable<SurfaceType> offered, IEnumerable<SurfaceType> recorded)
    {
        var known = recorded.ToDictionary(type => type.Name, StringComparer.Ordinal);
        return offered.SelectMany(type => known.TryGetValue(type.Name, out var real)
            ? Differences(type, real)
            : [$"{type.Name}: there is no such public type."]);
    }

    private static IEnumerable<string> Differences(SurfaceType offered, SurfaceType real)
    {
        var parts = new (string Part, string Offered, string Real)[]
        {
            ("kind", offered.Kind, real.Kind),
            ("base type", offered.Base, real.Base),
            ("constraints", offered.Constraints, real.Constraints),
            ("attribute usage", offered.AttributeUsage, real.AttributeUsage),
        };
        foreach (var (part, own, recorded) in parts.Where(part => part.Offered != part.Real))
        {
            yield return $"{offered.Name}: its {part} is '{own}' instead of '{recorded}'.";
        }

        foreach (var contract in offered.Interfaces.Except(real.Interfaces, StringComparer.Ordinal))
        {
            yield return $"{offered.Name}: it does not implement {contract}.";
        }

        foreach (var member in Comparable(offered).Except(Comparable(real), StringComparer.Ordinal))
        {
            var name = NameOf(member);
            var alike = real.Members.Where(other => NameOf(other) == name).ToList();
            yield return $"{offered.Name}: there is no '{member}'{(alike.Count == 0 ? "." : $", but: {string.Join(" or ", alike)}")}";
        }
    }

    /// <summary>Constructors of an abstract class are for its heirs alone, whether they are called public or protected.</summary>
    private static IEnumerable<string> Comparable(SurfaceType type)
    {
        const string Public = "public ";
        var constructor = $"{Public}{type.Name.Split('<')[0].Split('.')[^1]}(";
        return type.Kind.StartsWith("public abstract ", StringComparison.Ordinal)
            ? type.Members.Select(member => member.StartsWith(constructor, StringComparison.Ordinal) ? $"protected {member[Public.Length..]}" : member)
            : type.Members;
    }

    /// <summary>The last word before parameters, accessors or a value.</summary>
    private static string NameOf(string member) =>
        member.Split(['(', '{', '=', '<', ';'], 2)[0].TrimEnd().Split(' ')[^1];
}
