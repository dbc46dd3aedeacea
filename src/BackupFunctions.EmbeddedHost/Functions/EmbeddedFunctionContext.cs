using Microsoft.AspNetCore.Http;

namespace BackupFunctions.EmbeddedHost.Functions;

/// <summary>The context handed to functions.</summary>
internal sealed class EmbeddedFunctionContext(
    FunctionEntry function,
    IServiceProvider services,
    IReadOnlyDictionary<string, object?> bindingData,
    CancellationToken cancellationToken,
    HttpRequest? request = null,
    int repetition = 0) : FunctionContext
{
    public override string InvocationId { get; } = Guid.NewGuid().ToString();

    public override string FunctionId => function.Name;

    public override TraceContext TraceContext { get; } = EmbeddedTraceContext.Of(request);

    public override BindingContext BindingContext { get; } = new EmbeddedBindingContext(bindingData);

    public override RetryContext RetryContext { get; } = new EmbeddedRetryContext(function, repetition);

    public override IServiceProvider InstanceServices { get; set; } = services;

    public override FunctionDefinition FunctionDefinition { get; } = new EmbeddedFunctionDefinition(function);

    public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object>();

    public override CancellationToken CancellationToken => cancellationToken;
}
