using System.Diagnostics.CodeAnalysis;
using BackupFunctions.EmbeddedHost.DurableTask;
using BackupFunctions.EmbeddedHost.DurableTask.Client;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Functions;

/// <summary>One mistake a class.</summary>
[SuppressMessage("Design", "CA1034:Nested types should not be visible", Justification = "Functions are public.")]
[SuppressMessage("Style", "IDE0060:Remove unused parameter", Justification = "Only signatures matter here.")]
[SuppressMessage("Design", "MA0038:Make method static", Justification = "Instance methods on purpose.")]
[SuppressMessage("Design", "MA0041:Make property static", Justification = "Instance methods on purpose.")]
public static class WrongFunctions
{
    public class NotPublic
    {
        [Function("F")]
        internal void Run([TimerTrigger("0 * * * * *")] TimerInfo timer) => _ = timer;
    }

    internal sealed class NotPublicClass
    {
        [Function("F")]
        public void Run([TimerTrigger("0 * * * * *")] TimerInfo timer) => _ = timer;
    }

    public class Overloaded
    {
        [Function("F")]
        public void Run([TimerTrigger("0 * * * * *")] TimerInfo timer) => _ = timer;

        public void Run() => Run(new TimerInfo());
    }

    public class NoTrigger
    {
        [Function("F")]
        public void Run(string text) => _ = text;
    }

    public class TwoTriggers
    {
        [Function("F")]
        public void Run([TimerTrigger("0 * * * * *")] TimerInfo timer, [ActivityTrigger] string input) => _ = (timer, input);
    }

    public class Generic
    {
        [Function("F")]
        public void Run<T>([ActivityTrigger] T input) => _ = input;
    }

    public abstract class Abstract
    {
        [Function("F")]
        public void Run([ActivityTrigger] string input) => _ = input;
    }

    public class BadName
    {
        [Function("not a name")]
        public void Run([ActivityTrigger] string input) => _ = input;
    }

    public class WrongTimerType
    {
        [Function("F")]
        public void Run([TimerTrigger("0 * * * * *")] string timer) => _ = timer;
    }

    public class UnknownParameter
    {
        [Function("F")]
        public void Run([TimerTrigger("0 * * * * *")] TimerInfo timer, HttpClient client) => _ = (timer, client);
    }

    public class TwoOrchestrationInputs
    {
        [Function("F")]
        public Task Run([OrchestrationTrigger] TaskOrchestrationContext context, string one, string two) => Task.FromResult((context, one, two));
    }

    public class ClientOfWrongType
    {
        [Function("F")]
        public void Run([TimerTrigger("0 * * * * *")] TimerInfo timer, [DurableClient] string client) => _ = (timer, client);
    }

    public class ClientOfOtherHub
    {
        [Function("F")]
        public void Run([TimerTrigger("0 * * * * *")] TimerInfo timer, [DurableClient(TaskHub = "Other")] DurableTaskClient client) => _ = (timer, client);
    }

    public class ValueTaskResult
    {
        [Function("F")]
        public ValueTask Run([ActivityTrigger] string input) => input is null ? default : ValueTask.CompletedTask;
    }

    public class HttpReturnsText
    {
        [Function("F")]
        public string Run([HttpTrigger(AuthorizationLevel.Function)] HttpRequest request) => request.Path;
    }

    public class HttpUserLevel
    {
        [Function("F")]
        public IActionResult Run([HttpTrigger(AuthorizationLevel.User)] HttpRequest request) => new OkObjectResult(request.Path);
    }

    public class HttpBadRoute
    {
        [Function("F")]
        public IActionResult Run([HttpTrigger(AuthorizationLevel.Function, Route = "a/{b")] HttpRequest request) => new OkObjectResult(request.Path);
    }

    public class HttpNoSuchRouteParameter
    {
        [Function("F")]
        public IActionResult Run([HttpTrigger(AuthorizationLevel.Function, Route = "a/{id}")] HttpRequest request, string name) =>
            new OkObjectResult(request.Path + name);
    }

    public class RetryOnActivity
    {
        [Function("F")]
        [FixedDelayRetry(3, "00:00:01")]
        public void Run([ActivityTrigger] string input) => _ = input;
    }

    public class RetryWithoutInterval
    {
        [Function("F")]
        [FixedDelayRetry(3, "soon")]
        public void Run([TimerTrigger("0 * * * * *")] TimerInfo timer) => _ = timer;
    }

    public class RetryThatShrinks
    {
        [Function("F")]
        [ExponentialBackoffRetry(3, "00:10:00", "00:00:01")]
        public void Run([TimerTrigger("0 * * * * *")] TimerInfo timer) => _ = timer;
    }

    public class SameNameTwice
    {
        [Function("Same")]
        public void One([ActivityTrigger] string input) => _ = input;

        [Function("same")]
        public void Two([ActivityTrigger] string input) => _ = input;
    }

    public class SameRouteTwice
    {
        [Function("One")]
        public IActionResult One([HttpTrigger(AuthorizationLevel.Function, "get", Route = "a/{id}")] HttpRequest request) => new OkObjectResult(request.Path);

        [Function("Two")]
        public IActionResult Two([HttpTrigger(AuthorizationLevel.Function, "post", "get", Route = "A/{name}")] HttpRequest request) =>
            new OkObjectResult(request.Path);
    }

    public class OtherActivityName
    {
        [Function("F")]
        public void Run([ActivityTrigger(Activity = "G")] string input) => _ = input;
    }
}
