using System.CommandLine;
using BackupFunctions.Cli.Restores;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Merges;

namespace BackupFunctions.Cli.Merge;

/// <summary>Arguments that plan and apply have in common.</summary>
internal sealed class MergeOptions
{
    private const string NewestPrefix = "newest:";

    private readonly Argument<string> _database = new("database") { Description = "The database to merge into." };
    private readonly PointOptions _point = new();
    private readonly Option<string[]> _tables = new("--table") { Description = "Only this table, as schema.table with * and ?; may be given several times." };
    private readonly Option<string[]> _tenants = new("--tenant") { Description = "Only rows of this tenant; may be given several times, each has a transaction of its own." };

    private readonly Option<string> _policy = new("--policy")
    {
        Description = "add-missing: only rows that are not live. overwrite: the backup's row wins. newest:COLUMN: the row with the greater value wins.",
        DefaultValueFactory = static _ => "add-missing",
    };

    public Option<string?> RecoveryFile { get; } = new("--recovery-file") { Description = "recovery.json made by 'pgdr keys new'; default: the private and verification keys of the settings." };

    public Option<FileInfo?> Output { get; } = new("--output") { Description = "Write the counts to this file, as JSON." };

    public Option<bool> Json { get; } = new("--json") { Description = "Print the result as JSON." };

    public void AddTo(Command command)
    {
        command.Add(_database);
        _point.AddTo(command);
        foreach (var option in new Option[] { _tables, _tenants, _policy, RecoveryFile, Output, Json })
        {
            command.Add(option);
        }
    }

    public string Database(ParseResult result) => result.GetRequiredValue(_database);

    /// <exception cref="PgdrException">settings.invalid</exception>
    public MergeRestoreRequest Read(ParseResult result, bool apply, bool undo)
    {
        var (policy, column) = result.GetValue(_policy) switch
        {
            "add-missing" => (MergePolicy.AddMissing, null),
            "overwrite" => (MergePolicy.Overwrite, null),
            { Length: > 7 } newest when newest.StartsWith(NewestPrefix, StringComparison.Ordinal) => (MergePolicy.Newest, newest[NewestPrefix.Length..]),
            var other => throw new PgdrException(ErrorCodes.InvalidSettings, $"'{other}' is no policy: give add-missing, overwrite or newest:COLUMN."),
        };
        return new MergeRestoreRequest
        {
            Database = Database(result),
            BackupId = result.GetValue(_point.Backup),
            Point = _point.Read(result),
            Tables = result.GetValue(_tables) ?? [],
            Tenants = result.GetValue(_tenants) ?? [],
            Policy = policy,
            NewestColumn = column,
            Apply = apply,
            Undo = undo,
        };
    }
}
