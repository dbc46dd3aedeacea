namespace BackupFunctions.EmbeddedHost.Functions;

/// <summary>What makes a function run.</summary>
/// <param name="Type">As function.json names it.</param>
internal abstract record FunctionTrigger(string Type);
