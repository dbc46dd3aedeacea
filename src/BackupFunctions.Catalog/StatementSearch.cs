using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Catalog;

/// <param name="Name">File name without its ending.</param>
/// <param name="Key">Of the JSON.</param>
/// <param name="Search">Who has it.</param>
internal sealed record StatementSearch(string Name, string Key, DocumentSearch<Statement> Search);
