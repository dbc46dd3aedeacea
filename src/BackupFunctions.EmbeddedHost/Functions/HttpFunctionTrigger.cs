using Microsoft.AspNetCore.Routing.Patterns;

namespace BackupFunctions.EmbeddedHost.Functions;

/// <param name="Route">The whole path, route prefix included.</param>
/// <param name="Methods">Empty means every verb.</param>
internal sealed record HttpFunctionTrigger(RoutePattern Route, IReadOnlyList<string> Methods, AuthorizationLevel Level)
    : FunctionTrigger("httpTrigger")
{
    /// <summary>Two functions of which a request could mean either.</summary>
    public bool CollidesWith(HttpFunctionTrigger other) =>
        string.Equals(Shape(Route), Shape(other.Route), StringComparison.OrdinalIgnoreCase)
        && (Methods.Count == 0 || other.Methods.Count == 0 || Methods.Intersect(other.Methods, StringComparer.OrdinalIgnoreCase).Any());

    /// <summary>The path with its parameters' names left out; constraints stay, since they tell routes apart.</summary>
    private static string Shape(RoutePattern route) =>
        string.Join('/', route.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
        {
            RoutePatternLiteralPart literal => literal.Content,
            RoutePatternSeparatorPart separator => separator.Content,
            RoutePatternParameterPart parameter => "{:" + string.Join(':', parameter.ParameterPolicies.Select(policy => policy.Content)) + "}",
            _ => string.Empty,
        }))));
}
