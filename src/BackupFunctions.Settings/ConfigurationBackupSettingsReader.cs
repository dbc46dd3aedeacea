using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Settings;

internal static class ConfigurationBackupSettingsReader
{
    private const string Files = "CONFIGURATION_FILES";

    public static ConfigurationBackupSettings Read(IConfiguration configuration) => new()
    {
        Files =
        [
            .. (SettingsReader.Text(configuration, Files) ?? string.Empty)
                .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(pattern => pattern.StartsWith('/') && pattern.Length > 1 && !pattern.Split('/').Contains("..", StringComparer.Ordinal)
                    ? pattern
                    : throw SettingsReader.Invalid(Files, $"'{pattern}' is not a pattern that begins with a slash and has no '..'")),
        ],
        FileLimit = SettingsReader.Number(configuration, "CONFIGURATION_FILE_LIMIT", 1, 1, 64) << 20,
        RolePasswords = SettingsReader.Text(configuration, "CONFIGURATION_ROLE_PASSWORDS") switch
        {
            null or "false" => false,
            "true" => true,
            _ => throw SettingsReader.Invalid("CONFIGURATION_ROLE_PASSWORDS", "choose true or false"),
        },
    };
}
