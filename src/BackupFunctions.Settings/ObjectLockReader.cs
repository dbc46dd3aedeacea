using BackupFunctions.Contracts;
using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Settings;

/// <summary>ObjectLock and ObjectLockDays of a target. A period has no default: in compliance mode nobody can take it back.</summary>
internal static class ObjectLockReader
{
    private const int MostDays = 36500;

    /// <summary>Null: none.</summary>
    public static ObjectLockMode? Mode(IConfiguration configuration, string name) => SettingsReader.Text(configuration, name) switch
    {
        null or "none" => null,
        "governance" => ObjectLockMode.Governance,
        "compliance" => ObjectLockMode.Compliance,
        _ => throw SettingsReader.Invalid(configuration, name, "choose one of none, governance, compliance"),
    };

    public static int Days(IConfiguration configuration, string modeName, string name)
    {
        if (Mode(configuration, modeName) is null)
        {
            return 0;
        }

        return SettingsReader.Text(configuration, name) is null
            ? throw SettingsReader.Invalid(configuration, name, "say for how many days backups are to be locked")
            : SettingsReader.Number(configuration, name, otherwise: 1, least: 1, MostDays);
    }
}
