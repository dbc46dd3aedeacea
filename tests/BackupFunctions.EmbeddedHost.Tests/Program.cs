using BackupFunctions.EmbeddedHost.Tests.Durable;

// dotnet BackupFunctions.EmbeddedHost.Tests.dll <connection string> <hub>: a host for the tests that kill one.
return await EngineProcess.MainAsync(args);
