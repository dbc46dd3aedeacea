using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;

// "table" prints docs/095-conformance.md; <connection string> <hub> runs a host for the tests that kill one.
if (args is ["table"])
{
    Console.Write(ConformanceTable.Write());
    return 0;
}

return await EngineProcess.MainAsync(args);
