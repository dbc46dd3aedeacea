using System.Reflection;
using BackupFunctions.EmbeddedHost.DurableTask;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Patterns;

namespace BackupFunctions.EmbeddedHost.Functions;

/// <summary>Reads the trigger of a method and checks that the method fits it.</summary>
/// <param name="routePrefix">Prefix of HTTP routes, without slashes at its ends.</param>
/// <param name="hasWeb">ConfigureFunctionsWebApplication was called.</param>
internal sealed class FunctionRules(string routePrefix, bool hasWeb)
{
    private static readonly Type[] TriggerAttributes =
        [typeof(TimerTriggerAttribute), typeof(HttpTriggerAttribute), typeof(OrchestrationTriggerAttribute), typeof(ActivityTriggerAttribute)];

    /// <exception cref="FunctionRejectedException">There is not exactly one trigger, or it does not fit.</exception>
    public FunctionTrigger TriggerOf(MethodInfo method, string name)
    {
        var triggers = method.GetParameters()
            .SelectMany(parameter => parameter.GetCustomAttributes().Where(attribute => TriggerAttributes.Contains(attribute.GetType())),
                (parameter, attribute) => (parameter, attribute))
            .ToArray();
        if (triggers.Length != 1)
        {
            throw new FunctionRejectedException(triggers.Length == 0
                ? "none of its parameters has a trigger attribute"
                : $"it has {triggers.Length} triggers; a function has one");
        }

        var (parameter, trigger) = triggers[0];
        FunctionTrigger read = trigger switch
        {
            TimerTriggerAttribute timer => Timer(parameter, timer),
            HttpTriggerAttribute http => Http(parameter, http, name),
            OrchestrationTriggerAttribute orchestration => Orchestration(parameter, orchestration, name),
            ActivityTriggerAttribute activity => Activity(activity, name),
            _ => throw new InvalidOperationException($"{trigger.GetType()} is no trigger."),
        };
        CheckReturn(method, read);
        return read;
    }

    private static TimerFunctionTrigger Timer(ParameterInfo parameter, TimerTriggerAttribute attribute)
    {
        Expect(parameter, typeof(TimerInfo), "[TimerTrigger]");
        return new TimerFunctionTrigger(attribute.Schedule, attribute.UseMonitor, attribute.RunOnStartup);
    }

    private HttpFunctionTrigger Http(ParameterInfo parameter, HttpTriggerAttribute attribute, string name)
    {
        Expect(parameter, typeof(HttpRequest), "[HttpTrigger]");
        if (!hasWeb)
        {
            throw new FunctionRejectedException("it takes an HttpRequest, which needs builder.ConfigureFunctionsWebApplication()");
        }

        if (attribute.AuthLevel == AuthorizationLevel.User)
        {
            throw new FunctionRejectedException("the authorization level User has no meaning here; use Function or Admin");
        }

        var route = (attribute.Route ?? name).Trim('/');
        var path = routePrefix.Length == 0 ? route : $"{routePrefix}/{route}";
        if (path.Split('/')[0].ToUpperInvariant() is "ADMIN" or "RUNTIME")
        {
            throw new FunctionRejectedException($"its route {path} belongs to the host");
        }

        try
        {
            return new HttpFunctionTrigger(RoutePatternFactory.Parse(path), [.. (attribute.Methods ?? []).Select(method => method.ToUpperInvariant())], attribute.AuthLevel);
        }
        catch (RoutePatternException cause)
        {
            throw new FunctionRejectedException($"its route '{path}' is no route template: {cause.Message.TrimEnd('.')}");
        }
    }

    private static OrchestrationFunctionTrigger Orchestration(ParameterInfo parameter, OrchestrationTriggerAttribute attribute, string name)
    {
        Expect(parameter, typeof(TaskOrchestrationContext), "[OrchestrationTrigger]");
        ExpectSameName(attribute.Orchestration, name);
        return new OrchestrationFunctionTrigger();
    }

    private static ActivityFunctionTrigger Activity(ActivityTriggerAttribute attribute, string name)
    {
        ExpectSameName(attribute.Activity, name);
        return new ActivityFunctionTrigger();
    }

    private static void ExpectSameName(string? given, string name)
    {
        if (given is not null && !string.Equals(given, name, StringComparison.OrdinalIgnoreCase))
        {
            throw new FunctionRejectedException($"its trigger names '{given}' and [Function] names '{name}'; leave the trigger's name out");
        }
    }

    private static void Expect(ParameterInfo parameter, Type type, string attribute)
    {
        if (parameter.ParameterType != type)
        {
            throw new FunctionRejectedException($"the {attribute} parameter {parameter.Name} is a {parameter.ParameterType.Name} instead of a {type.Name}");
        }
    }

    private static void CheckReturn(MethodInfo method, FunctionTrigger trigger)
    {
        var result = FunctionResult.TypeOf(method);
        if (result is null)
        {
            throw new FunctionRejectedException($"it returns {method.ReturnType.Name}; return void, a value, Task or Task<T>");
        }

        if (trigger is HttpFunctionTrigger && !FunctionResult.IsHttpResult(result))
        {
            throw new FunctionRejectedException($"it returns {result.Name}; an HTTP function returns IActionResult, IResult, or a Task of one");
        }
    }
}
