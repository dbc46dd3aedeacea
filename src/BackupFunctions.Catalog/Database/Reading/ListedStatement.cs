using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Catalog.Database.Reading;

/// <param name="Name">File name without its ending.</param>
/// <param name="Targets">Those that hold it in good order.</param>
/// <param name="Statement">Its signature was checked.</param>
internal readonly record struct ListedStatement(string Name, string[] Targets, Statement Statement);
