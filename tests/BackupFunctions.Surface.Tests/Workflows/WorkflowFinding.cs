using Microsoft.CodeAnalysis;

namespace BackupFunctions.Surface.Tests.Workflows;

/// <param name="Rule">Id of the Durable Task analyzer that says the same, or a name of ours.</param>
/// <param name="Where">In a source of the workflows.</param>
/// <param name="What">Ends the sentence.</param>
internal sealed record WorkflowFinding(string Rule, SyntaxNode Where, string What)
{
    public override string ToString()
    {
        var span = Where.GetLocation().GetLineSpan();
        return $"{Path.GetFileName(span.Path)}:{span.StartLinePosition.Line + 1}: {Rule}: {What}";
    }
}
