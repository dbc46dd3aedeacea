namespace BackupFunctions.Surface.Tests.App;

public sealed class FunctionRulesTests
{
    [Fact]
    public void AppFunctions_KeepTheRulesOfTheWorker()
    {
        var functions = AppFunction.In(AppCompilation.Compilation);
        functions.Count.ShouldBeGreaterThan(10);

        string.Join('\n', FunctionRules.Breaches(functions)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("[Function(\"Probe\")] internal static void Run([TimerTrigger(\"* * * * *\")] TimerInfo timer) { }", "Probe: the method and its class must be public")]
    [InlineData("[Function(\"Probe\")] public static void Run([TimerTrigger(\"* * * * *\")] TimerInfo timer) { } public static void Run() { }", "Probe: its method is overloaded.")]
    [InlineData("[Function(\"Probe\")] public static void Run<T>([ActivityTrigger] string input) { }", "Probe: it is generic.")]
    [InlineData("[Function(\"Probe\")] public static async void Run([ActivityTrigger] string input) => await Task.CompletedTask;", "Probe: it is async void")]
    [InlineData("[Function(\"Probe\")] public static void Run(string input) { }", "Probe: it needs exactly one trigger.")]
    [InlineData("[Function(\"Probe\")] public static void Run([ActivityTrigger] string input, [TimerTrigger(\"* * * * *\")] TimerInfo timer) { }", "Probe: it needs exactly one trigger.")]
    [InlineData("[Function(\"Probe\")] public static void Run([OrchestrationTrigger] string input) { }", "Probe: input must be a Microsoft.DurableTask.TaskOrchestrationContext.")]
    [InlineData("[Function(\"Probe\")] public static void Run([ActivityTrigger] string input, [DurableClient] object client) { }", "Probe: client must be a Microsoft.DurableTask.Client.DurableTaskClient.")]
    [InlineData("[Function(\"Probe\")] public static void Run([ActivityTrigger] string input, [Own] string more) { }", "Probe: OwnAttribute is no attribute of the recorded surface.")]
    [InlineData("[Function(\"Probe\")] public static void Run([ActivityTrigger] string input, out int more) => more = 1;", "Probe: more is a ref, out, in or params parameter.")]
    [InlineData("[Function(\"startjob\")] public static void Run([ActivityTrigger] string input) { }", "StartJob: two functions have this name.")]
    [InlineData("public static class Inner { [Function(\"Probe\")] public static void Run([ActivityTrigger] string input) { } }", "Probe: the method and its class must be public, the class not nested.")]
    public void Breaches_OfAFunctionThatTheWorkerWouldNotRun_NameIt(string function, string expected)
    {
        var (app, _, complaints) = AppCompilation.With(
            $$"""
            using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

            namespace BackupFunctions;

            public sealed class OwnAttribute : InputBindingAttribute;

            public static class Probe
            {
                {{function}}
            }
            """);
        complaints.ShouldBeEmpty();

        FunctionRules.Breaches(AppFunction.In(app)).ShouldHaveSingleItem().ShouldStartWith(expected);
    }
}
