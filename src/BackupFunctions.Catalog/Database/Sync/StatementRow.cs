using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Catalog.Database.Sync;

/// <param name="Name">File name without its ending.</param>
/// <param name="Sha256">Of its bytes.</param>
/// <param name="Statement">Without keys.</param>
/// <param name="Targets">Those that hold it in good order.</param>
internal sealed record StatementRow(string Name, string Sha256, Statement Statement, IReadOnlyList<string> Targets);
