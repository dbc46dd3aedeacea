using System.Reflection;
using System.Text;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Support;

/// <summary>docs/095-conformance.md, written from the cases.</summary>
internal static class ConformanceTable
{
    /// <summary>Groups in the order of the facts they were written from.</summary>
    private static readonly string[] Groups =
    [
        "Basics", "Timers", "Events", "ContinueAsNew", "ErrorsAndRetries", "Management", "Rewind", "Http", "Crash", "VersionsAndTags",
        "Payloads", "TimerTriggers", "Schema", "NonDeterminism", "Dispatch", "Host", "Functions",
    ];

    public static string Write()
    {
        var cases = Cases().ToList();
        var text = new StringBuilder()
            .AppendLine("# Conformance of the embedded host")
            .AppendLine()
            .AppendLine("Each line is a case that `./test Conformance` runs; a case with several rows of data counts as often. Written by")
            .AppendLine("`dotnet run --project tests/BackupFunctions.EmbeddedHost.Conformance.Tests -- table`; a test compares it with the cases.")
            .AppendLine()
            .AppendLine("Sources: DTFx Azure/durabletask, DTN microsoft/durabletask-dotnet, EXT Azure/azure-functions-durable-extension,")
            .AppendLine("SQL microsoft/durabletask-mssql, HOST Azure/azure-functions-host, WJX Azure/azure-webjobs-sdk-extensions,")
            .AppendLine("WORKER Azure/azure-functions-dotnet-worker; own: a promise of this project.")
            .AppendLine()
            .Append(cases.Sum(c => c.Count)).AppendLine(" cases.");
        foreach (var group in cases.GroupBy(c => c.Group, StringComparer.Ordinal).OrderBy(g => Array.IndexOf(Groups, g.Key)))
        {
            text.AppendLine().Append("## ").AppendLine(group.Key).AppendLine().AppendLine("| rule | source | case | rows |").AppendLine("|---|---|---|---|");
            foreach (var found in group.OrderBy(c => c.Name, StringComparer.Ordinal))
            {
                text.Append("| ").AppendJoin(" | ", found.Conforms.Rule, found.Conforms.Source, found.Name, found.Count).AppendLine(" |");
            }
        }

        return text.ToString();
    }

    public static IEnumerable<ConformanceCase> Cases() =>
        from type in typeof(ConformanceTable).Assembly.GetTypes()
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        let conforms = method.GetCustomAttribute<ConformsAttribute>()
        where conforms is not null && method.IsDefined(typeof(FactAttribute))
        select new ConformanceCase(
            type.Namespace!.Split('.')[^1],
            $"{type.Name}.{method.Name}",
            conforms,
            Math.Max(1, method.GetCustomAttributes<InlineDataAttribute>().Count()));
}
