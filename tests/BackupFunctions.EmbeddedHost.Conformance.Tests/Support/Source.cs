namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Support;

/// <summary>Where a rule was read.</summary>
internal static class Source
{
    /// <summary>Azure/durabletask, the engine.</summary>
    public const string DurableTaskCore = "DTFx";

    /// <summary>microsoft/durabletask-dotnet, the SDK.</summary>
    public const string DurableTaskDotnet = "DTN";

    /// <summary>Azure/azure-functions-durable-extension.</summary>
    public const string DurableExtension = "EXT";

    /// <summary>microsoft/durabletask-mssql, the back-end whose shape the state has.</summary>
    public const string DurableTaskSql = "SQL";

    /// <summary>Azure/azure-functions-host.</summary>
    public const string FunctionsHost = "HOST";

    /// <summary>Azure/azure-webjobs-sdk-extensions, the timer trigger.</summary>
    public const string WebJobsExtensions = "WJX";

    /// <summary>Azure/azure-functions-dotnet-worker, the isolated worker.</summary>
    public const string DotnetWorker = "WORKER";

    /// <summary>A promise of this project, where the real ones say nothing or leave users alone.</summary>
    public const string Own = "own";
}
