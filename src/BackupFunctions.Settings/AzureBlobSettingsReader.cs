using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Settings;

/// <summary>A container of Azure Blob Storage: by connection string, by SAS URL, or by endpoint with an account key or an identity.</summary>
internal static class AzureBlobSettingsReader
{
    public static TargetSettings Read(IConfigurationSection section)
    {
        var connection = SettingsReader.Secret(section, "ConnectionString", "File");
        var sas = SettingsReader.Secret(section, "SasUrl", "File");
        var key = SettingsReader.Secret(section, "AccountKey", "File");
        var endpoint = SettingsReader.Url(section, "Endpoint");
        if (new[] { connection, sas, key }.Count(given => given is not null) > 1)
        {
            throw SettingsReader.Invalid(section, "ConnectionString", "keep one of ConnectionString, SasUrl and AccountKey");
        }

        return new TargetSettings
        {
            Name = section.Key,
            Type = TargetType.AzureBlob,
            Endpoint = Endpoint(section, endpoint, hasItsOwn: connection is not null || sas is not null),
            Container = SettingsReader.Text(section, "Container")
                ?? (sas is not null ? null : throw SettingsReader.Invalid(section, "Container", "it is missing")),
            ConnectionString = connection,
            SasUrl = sas,
            AccountName = SettingsReader.Text(section, "AccountName"),
            AccountKey = key,
            ClientId = SettingsReader.Text(section, "ClientId"),
            ObjectLock = ObjectLockReader.Mode(section, "ObjectLock"),
            ObjectLockDays = ObjectLockReader.Days(section, "ObjectLock", "ObjectLockDays"),
        };
    }

    private static Uri? Endpoint(IConfigurationSection section, Uri? endpoint, bool hasItsOwn) => (endpoint, hasItsOwn) switch
    {
        (null, false) => throw SettingsReader.Invalid(
            section, "Endpoint", "give it (https://ACCOUNT.blob.core.windows.net), or ConnectionString, or SasUrl"),
        (not null, true) => throw SettingsReader.Invalid(section, "Endpoint", "the connection string or the SAS URL holds it already, keep one"),
        _ => endpoint,
    };
}
