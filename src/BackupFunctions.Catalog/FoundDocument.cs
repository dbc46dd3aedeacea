using BackupFunctions.Archive.Manifests;

namespace BackupFunctions.Catalog;

/// <param name="Value">What the document says; its signature was checked.</param>
/// <param name="Document">The very bytes.</param>
/// <param name="Targets">Names of the targets that hold it.</param>
internal sealed record FoundDocument<T>(T Value, SignedDocument Document, List<string> Targets);
