using System.Reflection;
using BackupFunctions.EmbeddedHost;
using BackupFunctions.Http;
using BackupFunctions.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Tests.Schedules;

[Collection(StateServerCollection.Name)]
public sealed class TimerSettingsTests(StateServer server)
{
    [Fact]
    public async Task Timers_Each_HasASettingWithItsDefaultInTheDocumentsAndTheSample()
    {
        await using var host = await AppHost.StartAsync(server);
        var configuration = host.Service<IConfiguration>();
        var document = await File.ReadAllTextAsync(Repository.PathOf("docs/020-configuration.md"));
        var sample = await File.ReadAllTextAsync(Repository.PathOf("local.settings.sample.json"));
        var schedules = typeof(StartBackup).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .SelectMany(method => method.GetParameters())
            .Select(parameter => parameter.GetCustomAttribute<TimerTriggerAttribute>()?.Schedule)
            .OfType<string>()
            .ToList();

        schedules.Count.ShouldBeGreaterThanOrEqualTo(5);
        foreach (var schedule in schedules)
        {
            schedule.ShouldMatch("^%[A-Z_]+_SCHEDULE%$");
            var name = schedule.Trim('%');
            var value = configuration[name].ShouldNotBeNull(name);
            document.Split('\n').ShouldContain(line => line.StartsWith($"| `{name}` |") && line.Contains($"| `{value}` |"), name);
            sample.ShouldContain($"\"{name}\": \"{value}\"");
        }
    }
}
