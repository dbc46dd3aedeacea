using System.CommandLine;
using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Cli.Restores;

/// <summary>Some tables of a backup.</summary>
internal sealed class SelectionOptions
{
    public Option<string[]> Tables { get; } = new("--table")
    {
        Description = "Only this table, as schema.table, with * for any characters; repeatable. Needs a new name by --to.",
    };

    public Option<string[]> Schemas { get; } = new("--schema") { Description = "Only the tables of this schema; repeatable. Needs a new name by --to." };

    public void AddTo(Command command)
    {
        command.Add(Tables);
        command.Add(Schemas);
    }

    /// <returns>Null: all of the database.</returns>
    public TableSelection? Read(ParseResult result)
    {
        var (tables, schemas) = (result.GetValue(Tables) ?? [], result.GetValue(Schemas) ?? []);
        return tables.Length + schemas.Length > 0 ? new TableSelection(tables, schemas) : null;
    }
}
