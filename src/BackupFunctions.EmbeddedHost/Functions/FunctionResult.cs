using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace BackupFunctions.EmbeddedHost.Functions;

/// <summary>What a function returns, without the task around it.</summary>
internal static class FunctionResult
{
    /// <returns>void when there is no value; null when the type cannot be awaited here.</returns>
    public static Type? TypeOf(MethodInfo method)
    {
        var type = method.ReturnType;
        if (type == typeof(Task))
        {
            return typeof(void);
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>))
        {
            return type.GetGenericArguments()[0];
        }

        return type.IsByRefLike || type.IsByRef || typeof(Task).IsAssignableFrom(type) || type.GetMethod("GetAwaiter") is not null ? null : type;
    }

    public static bool IsHttpResult(Type type) => typeof(IActionResult).IsAssignableFrom(type) || typeof(IResult).IsAssignableFrom(type);

    /// <summary>Waits for what the method returned and takes its value.</summary>
    public static async Task<object?> AwaitAsync(MethodInfo method, object? returned)
    {
        if (returned is not Task task)
        {
            return returned;
        }

        await task;
        // The declared type: an async method that returns Task gives a Task<VoidTaskResult>.
        return method.ReturnType.IsGenericType ? method.ReturnType.GetProperty(nameof(Task<object>.Result))!.GetValue(task) : null;
    }
}
