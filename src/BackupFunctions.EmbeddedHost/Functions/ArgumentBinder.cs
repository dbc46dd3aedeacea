namespace BackupFunctions.EmbeddedHost.Functions;

/// <summary>Gives one parameter of a function its value.</summary>
internal delegate object? ArgumentBinder(Invocation invocation);
