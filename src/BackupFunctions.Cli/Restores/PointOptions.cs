using System.CommandLine;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Cli.Restores;

/// <summary>What to recover to: a stored backup, or a point of the log.</summary>
internal sealed class PointOptions
{
    public Option<string?> Backup { get; } = new("--backup")
    {
        Description = "A backup id; default: the newest point that can be recovered, by base backup and log, or else by the newest VERIFIED or PROVEN backup.",
    };

    public Option<DateTimeOffset?> Time { get; } = new("--time") { Description = "Recover to this time, for example 2026-11-21T14:05:00Z." };

    public Option<string?> Lsn { get; } = new("--lsn") { Description = "Recover to this position in the log, for example 0/16B3748." };

    public Option<bool> Latest { get; } = new("--latest") { Description = "Recover to the end of the log, and by no stored dump." };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { Backup, Time, Lsn, Latest })
        {
            command.Add(option);
        }
    }

    /// <returns>Null: a backup, or the default.</returns>
    /// <exception cref="PgdrException">settings.invalid: more than one is given.</exception>
    public WantedPoint? Read(ParseResult result)
    {
        var (time, lsn, latest) = (result.GetValue(Time), result.GetValue(Lsn), result.GetValue(Latest));
        return new[] { result.GetValue(Backup) is not null, time is not null, lsn is not null, latest }.Count(given => given) > 1
            ? throw new PgdrException(ErrorCodes.InvalidSettings, "Give at most one of --backup, --time, --lsn and --latest: each says what to recover to.")
            : time is not null || lsn is not null || latest ? new WantedPoint(time?.ToUniversalTime(), lsn) : null;
    }
}
