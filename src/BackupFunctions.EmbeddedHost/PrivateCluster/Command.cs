namespace BackupFunctions.EmbeddedHost.PrivateCluster;

/// <summary>A program to run to its end.</summary>
/// <param name="Input">Goes to its standard input.</param>
internal sealed record Command(string File, IReadOnlyList<string> Arguments, string? Input = null);
