using BackupFunctions.EmbeddedHost.Conformance.Tests.Chaos;
using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;

// For people: "table" prints docs/095-conformance.md, "chaos [--seconds N]" kills hosts for that long and says what came of it.
// For tests: "chaos-host" and <connection string> <hub> run a host in a process of its own, to be killed.
switch (args)
{
    case ["table"]:
        Console.Write(ConformanceTable.Write());
        return 0;
    case ["chaos", .. var options]:
        return await ChaosCommand.RunAsync(options);
    case ["chaos-host", var connectionString, var hub, var logFolder]:
        return await ChaosHost.MainAsync(connectionString, hub, logFolder);
    default:
        return await EngineProcess.MainAsync(args);
}
