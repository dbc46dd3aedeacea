using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Settings;

internal static partial class WalSettingsReader
{
    public static WalSettings Read(IConfiguration configuration)
    {
        var slot = SettingsReader.Text(configuration, "WAL_SLOT") ?? WalSettings.DefaultSlot;
        return new WalSettings
        {
            Slot = SlotName().IsMatch(slot) ? slot : throw SettingsReader.Invalid("WAL_SLOT", "a slot's name has 1 to 63 of a-z, 0-9 and '_'"),
            UnlimitedSlot = SettingsReader.Text(configuration, "WAL_SLOT_UNLIMITED") switch
            {
                null or "false" => false,
                "true" => true,
                _ => throw SettingsReader.Invalid("WAL_SLOT_UNLIMITED", "give true or false"),
            },
            PushInterval = TimeSpan.FromSeconds(SettingsReader.Number(configuration, "WAL_PUSH_INTERVAL", 1, 1, 3600)),
            CompressionLevel = SettingsReader.Number(configuration, "WAL_COMPRESSION_LEVEL", 1, 1, SettingsReader.Text(configuration, "BACKUP_COMPRESSION") is "gzip" ? 9 : 19),
        };
    }

    [GeneratedRegex(@"\A[a-z0-9_]{1,63}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex SlotName();
}
