using BackupFunctions.Surface.Tests.App;

namespace BackupFunctions.Surface.Tests.Workflows;

public sealed class WorkflowRulesTests
{
    [Fact]
    public void AppWorkflows_KeepTheRulesOfReplay()
    {
        var sources = AppCompilation.Compilation.SyntaxTrees.Where(WorkflowRules.IsWorkflow).ToList();
        sources.Count.ShouldBeGreaterThan(5);

        string.Join('\n', WorkflowRules.Findings(AppCompilation.Compilation, sources)).ShouldBeEmpty();
    }

    [Fact]
    public void AppOrchestrators_AllLieAmongTheWorkflows() =>
        AppFunction.In(AppCompilation.Compilation)
            .Where(function => function.IsOrchestrator)
            .ShouldAllBe(function => WorkflowRules.IsWorkflow(function.Method.DeclaringSyntaxReferences[0].SyntaxTree));

    [Theory]
    [InlineData("await context.CallActivityAsync<JobStatus>(nameof(ReadJob), \"run\");")]
    [InlineData("var timer = context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None); await Task.WhenAny(timer, context.WaitForExternalEvent<string>(\"go\"));")]
    [InlineData("context.CreateReplaySafeLogger(\"probe\").LogInformation(\"{Name} at {Time}\", context.Name, context.CurrentUtcDateTime);")]
    [InlineData("async Task StepAsync(Func<Task> step) => await step(); await StepAsync(() => context.CreateTimer(TimeSpan.FromMinutes(1), default));")]
    [InlineData("for (var i = 0; ; i++) { await context.CreateTimer(TimeSpan.FromMinutes(1), default); if (i > 5) { break; } }")]
    [InlineData("while (true) { await context.CreateTimer(TimeSpan.FromMinutes(1), default); context.ContinueAsNew(1); }")]
    [InlineData("var ids = Enumerable.Range(0, 3).Select(_ => context.NewGuid().ToString(\"N\")).ToList(); ids.Sort(StringComparer.Ordinal);")]
    public void Findings_OfReplayableCode_AreNone(string code) => Findings(code).ShouldBeEmpty();

    [Theory]
    [InlineData("DURABLE0001", "_ = DateTime.UtcNow;")]
    [InlineData("DURABLE0001", "_ = DateTimeOffset.Now;")]
    [InlineData("DURABLE0001", "_ = TimeProvider.System;")]
    [InlineData("DURABLE0001", "_ = System.Diagnostics.Stopwatch.GetTimestamp();")]
    [InlineData("DURABLE0002", "_ = Guid.NewGuid();")]
    [InlineData("DURABLE0002", "_ = Guid.CreateVersion7();")]
    [InlineData("DURABLE0002", "_ = new Random();")]
    [InlineData("DURABLE0002", "_ = Random.Shared.Next();")]
    [InlineData("DURABLE0002", "_ = System.Security.Cryptography.RandomNumberGenerator.GetInt32(5);")]
    [InlineData("DURABLE0002", "_ = \"text\".GetHashCode();")]
    [InlineData("DURABLE0003", "await Task.Delay(1);")]
    [InlineData("DURABLE0003", "context.CreateTimer(TimeSpan.FromMinutes(1), default).Wait();")]
    [InlineData("DURABLE0003", "_ = context.WaitForExternalEvent<string>(\"go\").Result;")]
    [InlineData("DURABLE0003", "await context.CreateTimer(TimeSpan.FromMinutes(1), default).WaitAsync(TimeSpan.FromSeconds(1));")]
    [InlineData("DURABLE0003", "using var source = new CancellationTokenSource(TimeSpan.FromSeconds(1));")]
    [InlineData("DURABLE0003", "using CancellationTokenSource source = new(1000);")]
    [InlineData("DURABLE0004", "await Task.Run(() => 1);")]
    [InlineData("DURABLE0004", "await Task.Factory.StartNew(() => 1);")]
    [InlineData("DURABLE0004", "await context.CreateTimer(TimeSpan.FromMinutes(1), default).ContinueWith(_ => 1);")]
    [InlineData("DURABLE0004", "await context.CreateTimer(TimeSpan.FromMinutes(1), default).ConfigureAwait(false);")]
    [InlineData("DURABLE0004", "new Thread(() => { }).Start();")]
    [InlineData("DURABLE0004", "Parallel.For(0, 5, _ => { });")]
    [InlineData("DURABLE0005", "_ = File.Exists(\"file\");")]
    [InlineData("DURABLE0005", "using var client = new System.Net.Http.HttpClient();")]
    [InlineData("DURABLE0005", "Console.WriteLine();")]
    [InlineData("DURABLE0006", "_ = Environment.GetEnvironmentVariable(\"NAME\");")]
    [InlineData("DURABLE0006", "_ = TimeZoneInfo.Local;")]
    [InlineData("DURABLE0011", "while (true) { await context.CreateTimer(TimeSpan.FromMinutes(1), default); }")]
    [InlineData("DURABLE0011", "for (; ; ) { await context.CreateTimer(TimeSpan.FromMinutes(1), default); switch (1) { default: break; } }")]
    [InlineData("DURABLE2001", "await context.CallActivityAsync<JobStatus>(nameof(ReadJob), 5);")]
    [InlineData("DURABLE2001", "await context.CallActivityAsync<JobStatus>(nameof(ReadJob));")]
    [InlineData("DURABLE2001", "await context.CallActivityAsync<JobStatus>(nameof(ReadJob), options: null, input: 5);")]
    [InlineData("DURABLE2002", "await context.CallActivityAsync<string>(nameof(ReadJob), \"run\");")]
    [InlineData("DURABLE2002", "await context.CallActivityAsync<string>(nameof(StoreReport), new Contracts.DisasterRecovery.DisasterRecoveryReport { StartTime = default, Database = \"\", Reason = \"\", InitiatedBy = \"\", Steps = [], RestoreLogId = \"\", Success = true, DurationSeconds = 0 });")]
    [InlineData("DURABLE2003", "await context.CallActivityAsync(\"ReadJobs\", \"run\");")]
    [InlineData("DURABLE2003", "await context.CallActivityAsync(nameof(FullBackup), \"run\");")]
    [InlineData("DURABLE2004", "await context.CallSubOrchestratorAsync(nameof(ReadJob));")]
    [InlineData("REFERENCE", "_ = typeof(BackupFunctions.Settings.BackupSettings);")]
    [InlineData("REFERENCE", "BackupFunctions.JobRunners.IJobRunner? runner = null; _ = runner;")]
    [InlineData("REFERENCE", "_ = new ReadJob(null!);")]
    [InlineData("REFERENCE", "DurableTaskClient? client = null; _ = client;")]
    [InlineData("AWAIT", "await System.Text.Json.JsonSerializer.DeserializeAsync<int>((Stream)null!);")]
    public void Findings_OfCodeThatReplaysDifferently_NameTheRule(string rule, string code) =>
        Findings(code).ShouldContain(finding => finding.Rule == rule, string.Join('\n', Findings(code)));

    [Theory]
    [InlineData("DURABLE0007", "[OrchestrationTrigger] TaskOrchestrationContext context, CancellationToken cancellationToken", "")]
    [InlineData("DURABLE0008", "[OrchestrationTrigger] TaskOrchestrationContext context, [DurableClient] DurableTaskClient client", "")]
    [InlineData("DURABLE0008", "[OrchestrationTrigger] TaskOrchestrationContext context, FunctionContext function", "")]
    [InlineData("DURABLE0008", "[OrchestrationTrigger] TaskOrchestrationContext context", "string given")]
    [InlineData("DURABLE0010", "[OrchestrationTrigger] TaskOrchestrationContext context, ILogger logger", "")]
    [InlineData("DURABLE0010", "[OrchestrationTrigger] TaskOrchestrationContext context, ILogger<Probe> logger", "")]
    public void Findings_OfAnOrchestratorThatIsGivenMore_NameTheRule(string rule, string parameters, string constructor) =>
        FindingsOf($"public sealed class Probe({constructor}) {{ [Function(\"Probe\")] public Task Run({parameters}) => context.CreateTimer(default(DateTime), default); }}")
            .ShouldContain(finding => finding.Rule == rule);

    private static IReadOnlyList<WorkflowFinding> Findings(string code) => FindingsOf(
        $"internal static class Probe {{ public static async Task RunAsync(TaskOrchestrationContext context) {{ {code} await Task.CompletedTask; }} }}");

    private static IReadOnlyList<WorkflowFinding> FindingsOf(string type)
    {
        var (app, tree, complaints) = AppCompilation.With(
            $"""
            using BackupFunctions.Activities;
            using BackupFunctions.Contracts.Jobs;
            using Microsoft.Extensions.Logging;

            namespace BackupFunctions.Workflows;

            {type}
            """);
        complaints.Where(one => one.Id is not ("CS0162" or "CS9113")).ShouldBeEmpty();
        return [.. WorkflowRules.Findings(app, [tree])];
    }
}
