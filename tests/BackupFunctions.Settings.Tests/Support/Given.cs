using BackupFunctions.Contracts;
using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Settings.Tests.Support;

internal static class Given
{
    /// <summary>Names as environment variables have them, with two underscores for a section; of a name given twice the last counts.</summary>
    public static BackupSettings Settings(params (string Name, string? Value)[] values) => SettingsReader.Read(new ConfigurationBuilder()
        .AddInMemoryCollection(values
            .GroupBy(value => value.Name.Replace("__", ":", StringComparison.Ordinal), StringComparer.OrdinalIgnoreCase)
            .Select(group => KeyValuePair.Create(group.Key, group.Last().Value)))
        .Build());

    /// <returns>The sentence.</returns>
    public static string Refused(params (string Name, string? Value)[] values)
    {
        var failure = Should.Throw<PgdrException>(() => Settings(values));
        failure.Code.ShouldBe(ErrorCodes.InvalidSettings);
        return failure.Message;
    }
}
