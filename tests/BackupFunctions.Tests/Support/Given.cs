using BackupFunctions.Settings;
using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Tests.Support;

internal static class Given
{
    /// <summary>Settings as read; databases shop and crm on server main.</summary>
    public static BackupSettings Settings(params (string Key, string Value)[] settings) => SettingsReader.Read(new ConfigurationBuilder()
        .AddInMemoryCollection([new("Servers:main:Host", "db.example"), new("BACKUP_DATABASES", "shop;crm")])
        .AddInMemoryCollection(settings.Select(setting => new KeyValuePair<string, string?>(setting.Key, setting.Value)))
        .Build());
}
