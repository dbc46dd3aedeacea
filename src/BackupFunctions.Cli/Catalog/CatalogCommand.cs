using System.CommandLine;

namespace BackupFunctions.Cli.Catalog;

internal static class CatalogCommand
{
    public static Command Create() => new("catalog", "Look at the catalog, and make it anew.") { CatalogStatusCommand.Create(), CatalogRebuildCommand.Create() };
}
