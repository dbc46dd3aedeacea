using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs;
using BackupFunctions.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace BackupFunctions.Cli;

internal static class JobEnvironments
{
    public static BackupSettings ReadSettings() => SettingsReader.Read(SettingsLoader.Load());

    /// <summary>Warnings and errors go to standard error; progress has its own way.</summary>
    public static ILoggerFactory CreateLoggers() => LoggerFactory.Create(logging =>
    {
        logging.SetMinimumLevel(LogLevel.Warning);
        logging.AddSimpleConsole(options =>
        {
            options.SingleLine = true;
            options.UseUtcTimestamp = true;
            options.TimestampFormat = "yyyy-MM-ddTHH:mm:ssZ ";
        });
        logging.Services.Configure<ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
    });

    public static JobEnvironment Create(BackupSettings settings, IJobReporter reporter, ILoggerFactory loggers) =>
        new(settings, reporter, TimeProvider.System, loggers);
}
