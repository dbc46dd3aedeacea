using BackupFunctions.Surface.Tests.App;
using Microsoft.CodeAnalysis;

namespace BackupFunctions.Surface.Tests.Workflows;

/// <summary>What keeps workflows replayable, found by the compiler's own understanding of them.</summary>
internal static class WorkflowRules
{
    /// <param name="app">The app as for Azure.</param>
    /// <param name="sources">The workflows of it that are to be looked at; all of them may refer to each other.</param>
    public static IEnumerable<WorkflowFinding> Findings(Compilation app, IReadOnlyList<SyntaxTree> sources)
    {
        var functions = AppFunction.In(app);
        var allowed = new AllowedReferences(app.Assembly, tree => IsWorkflow(tree) || sources.Contains(tree));
        var ofSources = functions.Where(function => function.Method.DeclaringSyntaxReferences.Any(one => sources.Contains(one.SyntaxTree)));
        return sources.SelectMany(tree =>
        {
            var model = app.GetSemanticModel(tree);
            var root = tree.GetRoot();
            return new ReferenceRules(model, allowed).Findings(root)
                .Concat(LoopRule.Findings(root, model))
                .Concat(new CallRule(model, functions).Findings(root));
        }).Concat(OrchestratorRule.Findings(ofSources));
    }

    public static bool IsWorkflow(SyntaxTree tree) =>
        tree.FilePath.StartsWith(Path.Combine(AppProject.Folder, "Workflows") + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
