using Microsoft.CodeAnalysis;

namespace BackupFunctions.Surface.Tests.Comparison;

/// <summary>Where an attribute may stand: its own AttributeUsage or, as the compiler does, the nearest base's.</summary>
internal static class AttributeUsageDisplay
{
    public static string Of(INamedTypeSymbol type)
    {
        for (var one = type; one is not null; one = one.BaseType)
        {
            var usage = one.GetAttributes().FirstOrDefault(attribute => attribute.AttributeClass is { Name: nameof(AttributeUsageAttribute) });
            if (usage is not null)
            {
                var settings = usage.NamedArguments.Select(setting => $", {setting.Key}={setting.Value.Value}").Order(StringComparer.Ordinal);
                return $"{(AttributeTargets)usage.ConstructorArguments[0].Value!}{string.Concat(settings)}";
            }
        }

        return string.Empty;
    }
}
