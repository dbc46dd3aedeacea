using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Settings;

/// <summary>Who can be told of the end of a backup. Addresses stand in the settings alone, so nobody who may start a backup can send requests elsewhere.</summary>
public static partial class NotifyHooksReader
{
    /// <summary>The hook that is told when none is named.</summary>
    public const string Default = "default";

    private const string DefaultSetting = "BACKUP_NOTIFY_URL";
    private const string Section = "NotifyHooks";

    internal static IReadOnlyDictionary<string, Uri> Read(IConfiguration configuration)
    {
        var hooks = new Dictionary<string, Uri>(StringComparer.OrdinalIgnoreCase);
        if (SettingsReader.Url(configuration, DefaultSetting) is { } url)
        {
            hooks.Add(Default, url);
        }

        var section = configuration.GetSection(Section);
        foreach (var name in section.GetChildren().Select(child => child.Key))
        {
            if (!Names().IsMatch(name))
            {
                throw SettingsReader.Invalid(section, name, "a hook's name has 1 to 40 of A-Z, a-z, 0-9, '_' and '-'");
            }

            if (SettingsReader.Url(section, name) is { } address && !hooks.TryAdd(name, address))
            {
                throw SettingsReader.Invalid(section, name, $"{DefaultSetting} is set as well, keep one of them");
            }
        }

        return hooks;
    }

    /// <summary>Where the hook's address belongs.</summary>
    public static string SettingOf(string hook) => string.Equals(hook, Default, StringComparison.OrdinalIgnoreCase) ? DefaultSetting : $"{Section}__{hook}";

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,40}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Names();
}
