using BackupFunctions.Surface.Tests.Comparison;
using BackupFunctions.Surface.Tests.Recording;

namespace BackupFunctions.Surface.Tests.StandIns;

public sealed class StandInAssemblyTests
{
    private const string UsagePrefix = "[AttributeUsage(";

    /// <summary>Nothing is lost or added between the listing and what the app is compiled against.</summary>
    [Fact]
    public void Compilation_ReadBack_IsTheRecordedListing()
    {
        var recorded = RecordedListing.ReadAll()
            .GroupBy(type => $"{type.Namespace}.{Named(type)}", StringComparer.Ordinal)
            .ToDictionary(
                type => type.Key,
                type => type.SelectMany(part => part.Members.Select(member => Plain(part, member))).Order(StringComparer.Ordinal).ToList(),
                StringComparer.Ordinal);
        recorded.Count.ShouldBeGreaterThan(130);

        var compiled = SurfaceReader.Simple.Read(StandInAssembly.Compilation.Assembly).ToDictionary(type => type.Name, StringComparer.Ordinal);

        compiled.Keys.Order(StringComparer.Ordinal).ShouldBe(recorded.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, members) in recorded)
        {
            compiled[name].Members.Order(StringComparer.Ordinal).ToList().ShouldBe(members, customMessage: name);
        }
    }

    [Fact]
    public void Compilation_ReadBack_HasTheRecordedDeclarations()
    {
        var compiled = SurfaceReader.Simple.Read(StandInAssembly.Compilation.Assembly).ToDictionary(type => type.Name, StringComparer.Ordinal);
        foreach (var type in RecordedListing.ReadAll())
        {
            var declaration = StandInDeclaration.Of(type);
            var read = compiled[$"{type.Namespace}.{Named(type)}"];
            read.Kind.ShouldBe($"public {declaration.Modifiers}{declaration.Kind}", type.Declaration);
            read.Constraints.ShouldBe(declaration.Constraints.Trim(), type.Declaration);
            read.Interfaces.Prepend(read.Base).Where(name => name.Length > 0).Order(StringComparer.Ordinal)
                .ShouldBe(declaration.Bases.Order(StringComparer.Ordinal), Case.Sensitive, type.Declaration);
            foreach (var usage in type.Attributes.Where(attribute => attribute.StartsWith(UsagePrefix, StringComparison.Ordinal)))
            {
                var where = usage[UsagePrefix.Length..^2].Replace("System.AttributeTargets.", string.Empty, StringComparison.Ordinal);
                string.Equals(read.AttributeUsage, where.Replace(" |", ",", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase)
                    .ShouldBeTrue($"{type.Declaration}: {usage} came back as {read.AttributeUsage}");
            }
        }
    }

    [Fact]
    public void Compile_OfAListingThatNamesAnUnknownType_IsRefused()
    {
        var types = RecordedListing.Parse("test", ["namespace A", "public class B", "{", "public Unknown Get();", "}"]);

        Should.Throw<InvalidOperationException>(() => StandInAssembly.Compile(types)).Message.ShouldContain("'Unknown' could not be found");
    }

    private static string Named(RecordedType type)
    {
        var declaration = StandInDeclaration.Of(type);
        return declaration.Name + declaration.TypeParameters;
    }

    /// <summary>The listing writes members as the compiler displays them, except for what is said of them besides.</summary>
    private static string Plain(RecordedType type, string member)
    {
        var plain = member.Replace("[Obsolete] ", string.Empty, StringComparison.Ordinal);
        return StandInDeclaration.Of(type).Kind == "delegate" ? $"public virtual {plain};" : plain;
    }
}
