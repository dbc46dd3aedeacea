using System.Text;
using System.Text.RegularExpressions;
using BackupFunctions.Surface.Tests.Recording;

namespace BackupFunctions.Surface.Tests.StandIns;

/// <summary>Writes C# that compiles to the recorded surface: the recorded lines with bodies that throw.</summary>
internal static partial class StandInSource
{
    private static readonly string[] Usings =
    [
        "System", "System.Collections", "System.Collections.Generic", "System.Collections.Immutable", "System.Collections.Specialized", "System.IO",
        "System.Net", "System.Net.Http", "System.Net.Http.Headers", "System.Security.Claims", "System.Text", "System.Threading",
        "System.Threading.Tasks", "Microsoft.Extensions.Configuration", "Microsoft.Extensions.DependencyInjection",
        "Microsoft.Extensions.Diagnostics.Metrics", "Microsoft.Extensions.Hosting", "Microsoft.Extensions.Logging", "Microsoft.Extensions.Primitives",
    ];

    /// <summary>One source a namespace: a simple name then means the type of that namespace first, as in the listing.</summary>
    public static IEnumerable<string> Write(IReadOnlyList<RecordedType> types)
    {
        var spaces = types.GroupBy(type => type.Namespace, StringComparer.Ordinal).ToList();
        var names = Usings.Concat(spaces.Select(space => space.Key)).Distinct(StringComparer.Ordinal);
        var usings = string.Concat(names.Select(name => $"using {name};\n")) + "using HttpContext = Microsoft.AspNetCore.Http.HttpContext;\n";
        return spaces.Select(space => $"#nullable enable\n{usings}namespace {space.Key}\n{{\n{string.Concat(space.Select(Type))}}}\n");
    }

    private static string Type(RecordedType type)
    {
        var declaration = StandInDeclaration.Of(type);
        if (declaration.Kind == "delegate")
        {
            return $"public delegate {type.Members.Single().Replace(" Invoke(", $" {declaration.Name}(", StringComparison.Ordinal)};\n";
        }

        var bases = declaration.Bases.Where(name => !declaration.IsRecord || name != $"IEquatable<{declaration.Name}>").ToList();
        var text = new StringBuilder()
            .AppendJoin('\n', type.Attributes.Where(attribute => attribute.StartsWith("[AttributeUsage(", StringComparison.Ordinal)))
            .Append('\n')
            .Append($"public {declaration.Modifiers}{(declaration.Kind == "enum" ? string.Empty : "partial ")}")
            .Append($"{declaration.Kind} {declaration.Name}{declaration.TypeParameters}")
            .Append(bases.Count > 0 ? $" : {string.Join(", ", bases)}" : string.Empty)
            .Append(declaration.Constraints)
            .Append("\n{\n");
        foreach (var member in type.Members)
        {
            text.Append("    ").Append(declaration.Kind is "enum" or "interface" ? member : Member(member, declaration)).Append('\n');
        }

        // A class without a recorded constructor has none that others can call; and derived stand-ins need one to call.
        if (declaration.HasConstructors && !type.Members.Any(member => member == $"public {declaration.Name}();" || member == $"protected {declaration.Name}();"))
        {
            text.Append($"    internal {declaration.Name}() => throw null!;\n");
        }

        return text.Append("}\n").ToString();
    }

    private static string Member(string member, StandInDeclaration declaration)
    {
        if (member.Contains(" abstract ", StringComparison.Ordinal) || Field().IsMatch(member))
        {
            return member;
        }

        if (member.EndsWith('}'))
        {
            return Accessor().Replace(member, "${accessor} => throw null!;");
        }

        // C# demands that a record's copy constructor calls its base's.
        var copy = CopyConstructor().Match(member);
        var inherits = copy.Success && declaration.IsRecord && declaration.Bases.Any(name => !name.StartsWith("IEquatable<", StringComparison.Ordinal));
        return $"{member.TrimEnd(';')}{(inherits ? $" : base({copy.Groups["original"].Value})" : string.Empty)} => throw null!;";
    }

    [GeneratedRegex(@"^public (const|static readonly) [^()]*;$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Field();

    [GeneratedRegex(@"\b(?<accessor>get|set|init);", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Accessor();

    [GeneratedRegex(@"^(public|protected) (?<name>\w+)\(\k<name> (?<original>\w+)\);$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex CopyConstructor();
}
