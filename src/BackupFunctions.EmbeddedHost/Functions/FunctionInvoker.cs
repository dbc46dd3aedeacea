using System.Collections.ObjectModel;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.EmbeddedHost.Functions;

/// <summary>Runs functions. Each run has its own scope of services and its own instance of the class.</summary>
internal sealed class FunctionInvoker(IServiceScopeFactory scopes, TimeProvider time, ILogger<FunctionInvoker> logger)
{
    private static readonly IReadOnlyDictionary<string, object?> NoData = ReadOnlyDictionary<string, object?>.Empty;

    private int _running;
    private int _waitingRetries;

    /// <summary>Functions that run now, orchestrators left out: those wait without running.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Functions that wait for their repetition.</summary>
    public int WaitingRetries => Volatile.Read(ref _waitingRetries);

    public async Task<object?> RunAsync(FunctionEntry function, object trigger, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await RunAsync(function, trigger, new EmbeddedFunctionContext(function, scope.ServiceProvider, NoData, cancellationToken));
    }

    /// <summary>Runs in the scope of the request.</summary>
    public async Task<object?> RunAsync(FunctionEntry function, HttpContext request)
    {
        var context = new EmbeddedFunctionContext(
            function,
            request.RequestServices,
            new Dictionary<string, object?>(request.Request.RouteValues, StringComparer.OrdinalIgnoreCase),
            request.RequestAborted,
            request.Request);
        context.Items[nameof(HttpContext)] = request;
        return await RunAsync(function, request.Request, context);
    }

    /// <summary>Runs with the repetitions that the function's retry attribute asks for.</summary>
    public async Task RunTimerAsync(FunctionEntry function, TimerInfo timer, CancellationToken cancellationToken)
    {
        for (var repetition = 0; ; repetition++)
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await RunAsync(
                    function, timer, new EmbeddedFunctionContext(function, scope.ServiceProvider, NoData, cancellationToken, repetition: repetition));
                return;
            }
            catch (Exception cause) when (
                function.Retry is { } retry && (retry.MaxRetryCount < 0 || repetition < retry.MaxRetryCount) && !cancellationToken.IsCancellationRequested)
            {
                var delay = RetryDelays.Before(retry, repetition + 1, Random.Shared.NextDouble);
                logger.LogWarning(cause, "{Function} failed and is repeated in {Delay}", function.Name, delay);
                await PauseAsync(delay, cancellationToken);
            }
        }
    }

    /// <summary>
    /// Runs on the engine's own synchronization context and awaits nothing but the function. A turn that ends before the orchestrator does
    /// abandons the scope, so it is left to the garbage collector: orchestrators must not hold what needs disposal anyway.
    /// </summary>
    public async Task<object?> RunOrchestratorAsync(FunctionEntry function, object trigger)
    {
        var scope = scopes.CreateScope();
        var context = new EmbeddedFunctionContext(function, scope.ServiceProvider, NoData, CancellationToken.None);
        var instance = CreateInstance(function.Method, scope.ServiceProvider);
        return await FunctionResult.AwaitAsync(function.Method, Call(function, instance, new Invocation(context, trigger)));
    }

    private async Task PauseAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _waitingRetries);
        try
        {
            await Task.Delay(delay, time, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _waitingRetries);
        }
    }

    private async Task<object?> RunAsync(FunctionEntry function, object trigger, FunctionContext context)
    {
        Interlocked.Increment(ref _running);
        try
        {
            return await InvokeAsync(function, trigger, context);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private static async Task<object?> InvokeAsync(FunctionEntry function, object trigger, FunctionContext context)
    {
        var instance = CreateInstance(function.Method, context.InstanceServices);
        try
        {
            return await FunctionResult.AwaitAsync(function.Method, Call(function, instance, new Invocation(context, trigger)));
        }
        finally
        {
            if (instance is IAsyncDisposable asynchronous)
            {
                await asynchronous.DisposeAsync();
            }
            else
            {
                (instance as IDisposable)?.Dispose();
            }
        }
    }

    private static object? CreateInstance(MethodInfo method, IServiceProvider services) =>
        method.IsStatic ? null : ActivatorUtilities.CreateInstance(services, method.DeclaringType!);

    private static object? Call(FunctionEntry function, object? instance, Invocation invocation) =>
        function.Method.Invoke(
            instance, BindingFlags.DoNotWrapExceptions, binder: null, [.. function.Arguments.Select(argument => argument(invocation))], culture: null);
}
