namespace BackupFunctions.Surface.Tests.App;

/// <summary>The app compiles against the recorded surface as it does against the embedded host.</summary>
public sealed class AppCompilationTests
{
    [Fact]
    public void App_AgainstTheRecordedSurface_Compiles() =>
        string.Join('\n', AppCompilation.Complaints(AppCompilation.Compilation.GetDiagnostics())).ShouldBeEmpty();

    [Fact]
    public void Project_ForAzure_HasTheRealNamespacesAndNotTheEmbeddedHost()
    {
        AppCompilation.Project.Sources.Count.ShouldBeGreaterThan(20);
        AppCompilation.Project.Sources.ShouldNotContain(path => path.Contains("EmbeddedOnly", StringComparison.Ordinal));
        AppCompilation.Project.Usings.ShouldContain(one => one == "global using global::Microsoft.DurableTask.Client;");
        AppCompilation.Project.Usings.ShouldNotContain(one => one.Contains("EmbeddedHost", StringComparison.Ordinal));
        AppCompilation.Project.Projects.ShouldContain(one => one == "BackupFunctions.Contracts");
        AppCompilation.Compilation.ReferencedAssemblyNames.ShouldNotContain(name => name.Name == "BackupFunctions.EmbeddedHost");
    }

    [Theory]
    [InlineData("client.CancelInstanceAsync(\"id\")", "CS1061")]
    [InlineData("client.TerminateInstanceAsync(instance: \"id\")", "CS1739")]
    [InlineData("client.RewindInstanceAsync(\"id\")", "CS7036")]
    [InlineData("client.RaiseEventAsync(5, \"name\")", "CS1503")]
    [InlineData("context.CreateTimer(TimeSpan.FromSeconds(1))", "CS1501")]
    [InlineData("context.GetInput<string>()!.Length.ToString().Missing()", "CS1061")]
    [InlineData("new OrchestrationMetadata(\"name\", \"id\") { Name = \"other\" }", "CS0200")]
    [InlineData("new TaskOrchestrationContext()", "CS0144")]
    [InlineData("context.GetInput<string>().Length", "CS8602")]
    [InlineData("context.Name.Version", "CS0612")]
    [InlineData("typeof(BackupFunctions.EmbeddedHost.Builder.FunctionsApplication)", "CS0234")]
    [InlineData("typeof(BackupFunctions.EmbeddedOnly.JobCompletionWatcher)", "CS0234")]
    public void WrongCall_AgainstTheRecordedSurface_IsReported(string expression, string id)
    {
        var (_, _, complaints) = AppCompilation.With(Probe(expression));

        complaints.Select(one => one.Id).ShouldBe([id], string.Join('\n', complaints));
    }

    [Fact]
    public void RightCall_AgainstTheRecordedSurface_IsNotReported() =>
        AppCompilation.With(Probe("client.RewindInstanceAsync(\"id\", \"reason\")")).Complaints.ShouldBeEmpty();

    [Fact]
    public void Source_WithPartialMembersOfTheFramework_IsGenerated()
    {
        var app = AppCompilation.Generated("""
            namespace BackupFunctions;

            internal static partial class Probe
            {
                [System.Text.RegularExpressions.GeneratedRegex("a+", System.Text.RegularExpressions.RegexOptions.NonBacktracking)]
                public static partial System.Text.RegularExpressions.Regex Pattern();

                [Microsoft.Extensions.Logging.LoggerMessage(1, Microsoft.Extensions.Logging.LogLevel.Debug, "At {Place}")]
                public static partial void At(Microsoft.Extensions.Logging.ILogger logger, string place);
            }
            """);

        AppCompilation.Complaints(app.GetDiagnostics()).ShouldBeEmpty();
    }

    private static string Probe(string expression) => $$"""
        namespace BackupFunctions;

        internal static class Probe
        {
            public static object Call(DurableTaskClient client, TaskOrchestrationContext context) => {{expression}};
        }
        """;
}
