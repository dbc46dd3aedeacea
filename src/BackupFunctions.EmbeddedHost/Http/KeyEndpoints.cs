using BackupFunctions.EmbeddedHost.Functions;
using BackupFunctions.EmbeddedHost.Keys;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace BackupFunctions.EmbeddedHost.Http;

/// <summary>
/// The key management of the Functions host. Unlike there, a key is shown only in the answer that makes it: the store holds hashes, so lists
/// give names with the value null.
/// </summary>
internal sealed class KeyEndpoints(KeyStore store, RequestKeys keys, FunctionCatalog functions)
{
    public void Map(IEndpointRouteBuilder endpoints)
    {
        MapScope(endpoints.MapGroup("admin/host/{scope:regex(^(keys|functionkeys|systemkeys)$)}"), HostScope);
        MapScope(endpoints.MapGroup("admin/functions/{function}/keys"), FunctionScope);
    }

    private static string? HostScope(HttpContext context) =>
        string.Equals(context.Request.RouteValues["scope"] as string, "systemkeys", StringComparison.OrdinalIgnoreCase)
            ? KeyScopes.System
            : KeyScopes.HostFunctions;

    private string? FunctionScope(HttpContext context) =>
        functions.Find((string)context.Request.RouteValues["function"]!) is { } function ? KeyScopes.Function(function.Name) : null;

    private static IResult Describe(int status, string name, string? value) => Results.Json(new { name, value }, statusCode: status);

    private void MapScope(RouteGroupBuilder group, Func<HttpContext, string?> scopeOf)
    {
        group.AddEndpointFilter(new MasterKeyFilter(keys));
        group.MapGet("", (HttpContext context) => scopeOf(context) is { } scope
            ? Results.Ok(new { keys = store.Names(scope).Select(name => new { name, value = (string?)null }) })
            : Results.NotFound());
        group.MapGet("{name}", (HttpContext context, string name) =>
            Resolve(scopeOf(context), name) is var (scope, key) && store.Names(scope).Contains(key, StringComparer.OrdinalIgnoreCase)
                ? Describe(StatusCodes.Status200OK, name, null)
                : Results.NotFound());
        group.MapPost("{name}", (HttpContext context, string name) => SetAsync(scopeOf(context), name, KeyGenerator.Next(), context));
        group.MapPut("{name}", (HttpContext context, string name, NewKey body) => SetAsync(scopeOf(context), name, body.Value, context));
        group.MapDelete("{name}", (HttpContext context, string name) => DeleteAsync(scopeOf(context), name, context));
    }

    /// <summary>The master key lies among the host's keys under a name of its own.</summary>
    private static (string Scope, string Name)? Resolve(string? scope, string name) =>
        scope is null ? null
        : scope is KeyScopes.System or KeyScopes.HostFunctions && string.Equals(name, KeyScopes.MasterKey, StringComparison.OrdinalIgnoreCase)
            ? (KeyScopes.Master, KeyScopes.MasterKey)
            : (scope, name);

    private async Task<IResult> SetAsync(string? requested, string name, string? value, HttpContext context)
    {
        if (Resolve(requested, name) is not var (scope, key))
        {
            return Results.NotFound();
        }

        if (value is null || value.Length < HostKeySettings.ShortestKey)
        {
            return Results.BadRequest(new { message = $"A key needs at least {HostKeySettings.ShortestKey} characters: {{\"name\": \"...\", \"value\": \"...\"}}." });
        }

        return await store.SetAsync(scope, key, value, context.RequestAborted) switch
        {
            KeyChange.Created => Describe(StatusCodes.Status201Created, name, value),
            KeyChange.Updated => Describe(StatusCodes.Status200OK, name, value),
            _ => GivenBySetting(name),
        };
    }

    private async Task<IResult> DeleteAsync(string? requested, string name, HttpContext context)
    {
        if (name.StartsWith('_') || (requested is KeyScopes.System && string.Equals(name, KeyScopes.DurableTaskKey, StringComparison.OrdinalIgnoreCase)))
        {
            return Results.BadRequest(new { message = $"{name} cannot be deleted; POST makes a new one." });
        }

        if (requested is null)
        {
            return Results.NotFound();
        }

        return await store.DeleteAsync(requested, name, context.RequestAborted) switch
        {
            KeyChange.Deleted => Results.NoContent(),
            KeyChange.GivenBySetting => GivenBySetting(name),
            _ => Results.NotFound(),
        };
    }

    private static IResult GivenBySetting(string name) =>
        Results.Conflict(new { message = $"The key {name} comes from a setting of the host: change it there." });
}
