using System.Text.RegularExpressions;
using BackupFunctions.Surface.Tests.Recording;

namespace BackupFunctions.Surface.Tests.StandIns;

/// <summary>A recorded declaration taken apart: C# wants base types before constraints, the listing has them after.</summary>
internal sealed partial record StandInDeclaration(
    string Modifiers, string Kind, string Name, string TypeParameters, string Constraints, IReadOnlyList<string> Bases)
{
    public bool IsRecord => Kind == "record";

    public bool HasConstructors => Kind is "class" or "record" && !Modifiers.Contains("static", StringComparison.Ordinal);

    /// <exception cref="FormatException">The declaration is not of the format.</exception>
    public static StandInDeclaration Of(RecordedType type)
    {
        var match = Pattern().Match(type.Declaration);
        if (!match.Success)
        {
            throw new FormatException($"'{type.Declaration}' is not a declaration.");
        }

        var bases = TopLevelCommas().Split(match.Groups["bases"].Value).Where(name => name.Length > 0).ToList();
        return new StandInDeclaration(
            match.Groups["modifiers"].Value,
            match.Groups["kind"].Value,
            match.Groups["name"].Value,
            match.Groups["parameters"].Value,
            match.Groups["constraints"].Value,
            bases);
    }

    [GeneratedRegex(
        @"^public (?<modifiers>((abstract|sealed|static|readonly) )*)(?<kind>class|record|struct|interface|enum|delegate) (?<name>\w+)(?<parameters><[\w, ]+>)?(?<constraints>( where \w+ : [^:]+?)*)( : (?<bases>.+))?$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 5000)]
    private static partial Regex Pattern();

    [GeneratedRegex(@",\s*(?![^<]*>)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex TopLevelCommas();
}
