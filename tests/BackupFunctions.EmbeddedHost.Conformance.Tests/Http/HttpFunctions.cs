using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Http;

/// <summary>HTTP functions of every kind; the class gets its services by injection.</summary>
public sealed class HttpFunctions(ILogger<HttpFunctions> logger) : IDisposable
{
    public static int Disposed { get; private set; }

    [Function("Echo")]
    public IActionResult Echo(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "echo/{name}/{number:int?}")] HttpRequest request,
        string name,
        string? number,
        FunctionContext context,
        CancellationToken cancellationToken) =>
        new OkObjectResult(new
        {
            UserName = name,
            Number = number,
            Function = context.FunctionDefinition.Name,
            Same = ReferenceEquals(context.GetHttpContext(), request.HttpContext),
            FromRoute = context.BindingContext.BindingData["name"],
            Cancelable = cancellationToken.CanBeCanceled,
            Logs = logger is not null && context.GetLogger("x") is not null,
        });

    [Function("ListItems")]
    public static IResult List([HttpTrigger("get", Route = "items")] HttpRequest request) => Results.Json(new[] { request.Method });

    [Function("AddItem")]
    public static async Task<IActionResult> AddAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "items")] HttpRequest request)
    {
        var item = await request.ReadFromJsonAsync<Dictionary<string, string>>();
        return new CreatedResult("/items/1", item);
    }

    [Function("AnyVerb")]
    public static Task<IResult> AnyVerb([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => Task.FromResult(Results.Text(request.Method));

    [Function("ForAdmins")]
    public static IActionResult ForAdmins([HttpTrigger(AuthorizationLevel.Admin, "get")] HttpRequest request) => new OkObjectResult(request.Method);

    [Function("ForSystem")]
    public static IActionResult ForSystem([HttpTrigger(AuthorizationLevel.System, "get")] HttpRequest request) => new OkObjectResult(request.Method);

    [Function("Broken")]
    public static IActionResult Broken([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) =>
        throw new InvalidOperationException($"secret-canary {request.Path}");

    [Function("RuntimeRoute")]
    public static IActionResult RuntimeRoute([HttpTrigger(AuthorizationLevel.Anonymous, Route = "runtime/webhooks")] HttpRequest request) =>
        new OkObjectResult(request.Path);

    public void Dispose() => Disposed++;
}
