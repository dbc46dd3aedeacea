namespace BackupFunctions.EmbeddedHost.Http;

/// <summary>Only the type of a parameter that callers leave out: requests reach functions as ASP.NET Core's HttpRequest.</summary>
public abstract class HttpRequestData(FunctionContext functionContext)
{
    public abstract Uri Url { get; }

    public FunctionContext FunctionContext { get; } = functionContext;
}
