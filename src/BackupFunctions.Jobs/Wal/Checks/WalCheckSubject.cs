using System.Globalization;
using BackupFunctions.Postgres.Replication;
using BackupFunctions.Settings;

namespace BackupFunctions.Jobs.Wal.Checks;

/// <summary>What the rules look at.</summary>
/// <param name="Server">Its name in the settings.</param>
/// <param name="Facts">What the server says.</param>
/// <param name="Slot">The slot of the receiver; null: there is none.</param>
/// <param name="Mode">How the settings have the log archived.</param>
/// <param name="Settings">Of receivers.</param>
/// <param name="Role">The role of the settings.</param>
internal sealed record WalCheckSubject(string Server, ArchivingFacts Facts, PhysicalSlot? Slot, WalMode Mode, WalSettings Settings, string Role)
{
    /// <summary>The server hands its log over to 'pgdr wal push'.</summary>
    public bool IsPushed =>
        Facts.Setting("archive_mode") is "on" or "always"
        && Facts.Setting("archive_command") is { } command
        && (command.Contains("wal push", StringComparison.Ordinal) || command.Contains("pgdr-wal-push", StringComparison.Ordinal));

    public long Number(string setting) => long.TryParse(Facts.Setting(setting), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : 0;
}
