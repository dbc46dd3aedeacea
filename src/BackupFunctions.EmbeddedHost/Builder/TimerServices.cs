using BackupFunctions.EmbeddedHost.Durable;
using BackupFunctions.EmbeddedHost.Functions;
using BackupFunctions.EmbeddedHost.State;
using BackupFunctions.EmbeddedHost.Timers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.EmbeddedHost.Builder;

/// <summary>Listeners for the timer functions.</summary>
internal static class TimerServices
{
    public static void Add(IServiceCollection services, FunctionCatalog catalog, IConfiguration configuration)
    {
        var zone = ScheduleZone.Find(configuration["WEBSITE_TIME_ZONE"]);
        var schedules = catalog.With<TimerFunctionTrigger>()
            .ToDictionary(timer => timer.Function, timer => ScheduleParser.Parse(timer.Function.Name, timer.Trigger.Schedule, zone, configuration));
        services.AddSingleton<ITimerStatusStore>(provider => new PostgresTimerStatusStore(
            provider.GetRequiredService<IStateDatabase>(), provider.GetRequiredService<DurableEngineOptions>().HubName));
        services.AddSingleton<IListenerLocks>(provider => new PostgresListenerLocks(
            provider.GetRequiredService<IStateDatabase>(), provider.GetRequiredService<DurableEngineOptions>().HubName));
        services.AddSingleton(provider => new TimerListeners(
            [.. catalog.With<TimerFunctionTrigger>().Select(timer => Listener(provider, timer.Function, timer.Trigger, schedules[timer.Function], zone))]));
        services.AddHostedService<TimerService>();
    }

    private static TimerListener Listener(
        IServiceProvider provider, FunctionEntry function, TimerFunctionTrigger trigger, ISchedule schedule, TimeZoneInfo zone)
    {
        var time = provider.GetRequiredService<TimeProvider>();
        var invoker = provider.GetRequiredService<FunctionInvoker>();
        var timer = new TimerTrigger(
            function.Name,
            schedule,
            trigger.UseMonitor && TimerTrigger.CanBeMonitored(schedule, time.GetUtcNow()),
            trigger.RunOnStartup,
            (info, cancellationToken) => invoker.RunTimerAsync(function, info, cancellationToken));
        return new TimerListener(
            timer,
            zone,
            provider.GetRequiredService<ITimerStatusStore>(),
            provider.GetRequiredService<IListenerLocks>(),
            time,
            provider.GetRequiredService<ILogger<TimerListener>>());
    }
}
