using System.Reflection;
using BackupFunctions.EmbeddedHost.Durable;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using BackupFunctions.EmbeddedHost.Http;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace BackupFunctions.EmbeddedHost.Functions;

/// <summary>Decides once where each parameter of a function gets its value.</summary>
internal static class ArgumentBinding
{
    private static readonly MethodInfo GetInput = typeof(TaskOrchestrationContext).GetMethod(nameof(TaskOrchestrationContext.GetInput))!;

    /// <exception cref="FunctionRejectedException">A parameter has no source.</exception>
    public static IReadOnlyList<ArgumentBinder> Of(MethodInfo method, FunctionTrigger trigger)
    {
        var inputs = 0;
        return [.. method.GetParameters().Select(parameter => Of(parameter, trigger, ref inputs))];
    }

    private static ArgumentBinder Of(ParameterInfo parameter, FunctionTrigger trigger, ref int inputs)
    {
        if (HasTrigger(parameter))
        {
            return trigger is ActivityFunctionTrigger ? ActivityInput(parameter) : invocation => invocation.Trigger;
        }

        if (parameter.GetCustomAttribute<DurableClientAttribute>() is { } client)
        {
            return DurableClient(parameter, client);
        }

        if (parameter.ParameterType == typeof(FunctionContext))
        {
            return invocation => invocation.Context;
        }

        if (parameter.ParameterType == typeof(CancellationToken))
        {
            return invocation => invocation.Context.CancellationToken;
        }

        return (trigger switch
        {
            HttpFunctionTrigger http => RouteValue(parameter, http.Route),
            ActivityFunctionTrigger => InstanceId(parameter),
            OrchestrationFunctionTrigger when ++inputs == 1 => OrchestrationInput(parameter),
            _ => null,
        }) ?? throw new FunctionRejectedException($"nothing can be bound to its parameter {parameter.Name} of type {parameter.ParameterType.Name}");
    }

    private static bool HasTrigger(ParameterInfo parameter) =>
        parameter.IsDefined(typeof(TimerTriggerAttribute)) || parameter.IsDefined(typeof(HttpTriggerAttribute))
        || parameter.IsDefined(typeof(OrchestrationTriggerAttribute)) || parameter.IsDefined(typeof(ActivityTriggerAttribute));

    private static ArgumentBinder DurableClient(ParameterInfo parameter, DurableClientAttribute attribute)
    {
        if (parameter.ParameterType != typeof(DurableTaskClient))
        {
            throw new FunctionRejectedException($"the [DurableClient] parameter {parameter.Name} is not a DurableTaskClient");
        }

        if (attribute.TaskHub is not null || attribute.ConnectionName is not null)
        {
            throw new FunctionRejectedException("its [DurableClient] names a task hub or a connection, and this host has one of each; leave them out");
        }

        return invocation => new FunctionsDurableClient(
            invocation.Context.InstanceServices.GetRequiredService<DurableTaskClient>(),
            invocation.Context.InstanceServices.GetRequiredService<ManagementLinks>(),
            invocation.Context.InstanceServices.GetRequiredService<StartPolicy>());
    }

    private static ArgumentBinder? RouteValue(ParameterInfo parameter, RoutePattern route)
    {
        if (parameter.ParameterType != typeof(string) || route.GetParameter(parameter.Name!) is null)
        {
            return null;
        }

        return invocation => invocation.Context.BindingContext.BindingData.GetValueOrDefault(parameter.Name!) as string;
    }

    private static ArgumentBinder? InstanceId(ParameterInfo parameter) =>
        parameter.ParameterType == typeof(string) && string.Equals(parameter.Name, "instanceId", StringComparison.OrdinalIgnoreCase)
            ? invocation => ((ActivityCall)invocation.Trigger).InstanceId
            : null;

    private static ArgumentBinder OrchestrationInput(ParameterInfo parameter)
    {
        var read = GetInput.MakeGenericMethod(parameter.ParameterType);
        return invocation => read.Invoke(invocation.Trigger, BindingFlags.DoNotWrapExceptions, null, null, null);
    }

    private static ArgumentBinder ActivityInput(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        return invocation => ((ActivityCall)invocation.Trigger).Input is { } json
            ? invocation.Context.InstanceServices.GetRequiredService<DataConverter>().Deserialize(json, type)
            : type.IsValueType ? Activator.CreateInstance(type)
            : null;
    }
}
