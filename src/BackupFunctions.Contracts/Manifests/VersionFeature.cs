namespace BackupFunctions.Contracts.Manifests;

/// <summary>A feature of newer servers that a database uses.</summary>
/// <param name="Name">As part of a sentence, in the plural, for example virtual generated columns.</param>
/// <param name="SinceMajor">The first major version of PostgreSQL that has it.</param>
/// <param name="Example">One object that uses it.</param>
public sealed record VersionFeature(string Name, int SinceMajor, string Example);
