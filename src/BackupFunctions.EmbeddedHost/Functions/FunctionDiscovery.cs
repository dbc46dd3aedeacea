using System.Reflection;
using System.Text.RegularExpressions;
using BackupFunctions.Contracts;
using Microsoft.Extensions.Configuration;

namespace BackupFunctions.EmbeddedHost.Functions;

/// <summary>
/// Finds the methods with [Function] and checks them at start, all at once: what the real host would trip over later, or only on Azure, is
/// named here.
/// </summary>
internal sealed partial class FunctionDiscovery(FunctionRules rules, IConfiguration configuration)
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    /// <exception cref="PgdrException">One sentence for each method that cannot be a function.</exception>
    public FunctionCatalog Discover(IEnumerable<Type> types)
    {
        var problems = new List<string>();
        var functions = new List<FunctionEntry>();
        foreach (var method in types.SelectMany(type => type.GetMethods(Declared)).Where(method => method.IsDefined(typeof(FunctionAttribute))))
        {
            try
            {
                functions.Add(Read(method));
            }
            catch (FunctionRejectedException rejected)
            {
                problems.Add($"{method.DeclaringType!.FullName}.{method.Name} cannot be a function: {rejected.Message}.");
            }
        }

        problems.AddRange(Collisions(functions));
        return problems.Count > 0
            ? throw new PgdrException(ErrorCodes.InvalidSettings, string.Join(Environment.NewLine, problems))
            : new FunctionCatalog(
                [.. functions.Where(function => !IsDisabled(function.Name))], [.. functions.Where(function => IsDisabled(function.Name))]);
    }

    private static IEnumerable<string> Collisions(List<FunctionEntry> functions)
    {
        foreach (var same in functions.GroupBy(function => function.Name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
        {
            yield return $"The function name {same.Key} is used twice: {string.Join(" and ", same.Select(function => function.EntryPoint))}.";
        }

        var http = functions.Where(function => function.Trigger is HttpFunctionTrigger).ToArray();
        for (var first = 0; first < http.Length; first++)
        {
            foreach (var other in http.Skip(first + 1))
            {
                if (((HttpFunctionTrigger)http[first].Trigger).CollidesWith((HttpFunctionTrigger)other.Trigger))
                {
                    yield return $"The functions {http[first].Name} and {other.Name} answer the same route and verb: change the route of one.";
                }
            }
        }
    }

    private FunctionEntry Read(MethodInfo method)
    {
        var name = method.GetCustomAttribute<FunctionAttribute>()!.Name;
        CheckMethod(method, name);
        var trigger = rules.TriggerOf(method, name);
        var retry = method.GetCustomAttribute<RetryAttribute>();
        if (retry is not null && trigger is not TimerFunctionTrigger)
        {
            throw new FunctionRejectedException("only timer functions can be repeated by a retry attribute");
        }

        RetryDelays.Check(retry);
        return new FunctionEntry(name, method, trigger, ArgumentBinding.Of(method, trigger), retry);
    }

    private static void CheckMethod(MethodInfo method, string name)
    {
        var type = method.DeclaringType!;
        var problem = 0 switch
        {
            _ when !FunctionName().IsMatch(name) => $"its name '{name}' is not a letter followed by up to 126 letters, digits, - and _",
            _ when !method.IsPublic || !type.IsVisible => "it is not public; make the method and its class public",
            _ when method.ContainsGenericParameters => "it is generic",
            _ when type.GetMethods().Count(other => string.Equals(other.Name, method.Name, StringComparison.Ordinal)) > 1 =>
                "it is overloaded; give the method a name of its own",
            _ when type.IsAbstract && !method.IsStatic => "its class is abstract",
            _ => null,
        };
        if (problem is not null)
        {
            throw new FunctionRejectedException(problem);
        }
    }

    private bool IsDisabled(string name) =>
        new[] { $"AzureWebJobs.{name}.Disabled", $"AzureWebJobs:{name}:Disabled" }
            .Any(setting => configuration[setting] is { } value && (value is "1" || string.Equals(value, "true", StringComparison.OrdinalIgnoreCase)));

    [GeneratedRegex("^[a-zA-Z][a-zA-Z0-9_-]{0,126}$", RegexOptions.NonBacktracking)]
    private static partial Regex FunctionName();
}
