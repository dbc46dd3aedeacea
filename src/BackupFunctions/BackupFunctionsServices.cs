using System.Text.Json;
using BackupFunctions.Catalog;
using BackupFunctions.Catalog.Sources;
using BackupFunctions.Contracts;
using BackupFunctions.JobRunners;
using BackupFunctions.JobRunners.LocalProcess;
using BackupFunctions.JobRunners.Runs;
using BackupFunctions.Listing;
using BackupFunctions.Merges;
using BackupFunctions.Notifications;
using BackupFunctions.Recovery;
using BackupFunctions.Reports;
using BackupFunctions.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace BackupFunctions;

/// <summary>What the functions of this app need.</summary>
internal static partial class BackupFunctionsServices
{
    /// <summary>Schedules that apply where configuration says nothing.</summary>
    private static readonly Dictionary<string, string?> Defaults = new(StringComparer.Ordinal)
    {
        ["FULL_BACKUP_SCHEDULE"] = "0 0 2 * * *",
        ["REAP_JOBS_SCHEDULE"] = "0 */5 * * * *",
        ["TARGET_CHECK_SCHEDULE"] = "0 30 1 * * *",
        ["CLEANUP_SCHEDULE"] = "0 0 5 * * *",
        ["INTEGRITY_CHECK_SCHEDULE"] = "0 15 * * * *",
        ["WAL_SCHEDULE"] = "0 */5 * * * *",
        ["BASE_BACKUP_SCHEDULE"] = "0 0 3 * * 0",
        ["TENANT_BACKUP_SCHEDULE"] = "0 0 3 * * 0",
        ["INCREMENTAL_BACKUP_SCHEDULE"] = "0 0 2 * * 1-6",
        ["MONTHLY_ARCHIVE_SCHEDULE"] = "0 0 4 1 * *",
        ["CONFIGURATION_BACKUP_SCHEDULE"] = "0 0 4 * * *",
        ["CATALOG_SYNC_SCHEDULE"] = "0 */5 * * * *",
    };

    public static void AddBackupFunctions(this FunctionsApplicationBuilder builder)
    {
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = Defaults });
        var settings = SettingsReader.Read(builder.Configuration);
        builder.Services.Configure<JsonSerializerOptions>(ContractJson.Apply);
        builder.Services.AddSingleton(settings);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new RunStore(settings.RunStorePath));
        builder.Services.AddSingleton(new ReportStore(Path.Combine(settings.RunStorePath, "reports")));
        builder.Services.AddSingleton(new RecoveryTickets(Path.Combine(settings.RunStorePath, "tickets")));
        builder.Services.AddSingleton(new MergeTickets(Path.Combine(settings.RunStorePath, "merge-tickets")));
        builder.Services.AddSingleton(new MergeRegister(Path.Combine(settings.RunStorePath, "merges")));
        builder.Services.AddSingleton<MergeSweep>();
        builder.Services.AddSingleton(_ => LocalProcessOptions.BesideThisProgram(JobEnvironment(builder.Configuration, settings)));
        builder.Services.AddSingleton<IJobRunner, LocalProcessRunner>();
        builder.Services.AddSingleton<IRecoveryAction, RecoveryAction>();
        // Made when it is asked for, and again after a failure: a key that is missing is the answer of one request, not of the start.
        builder.Services.AddSingleton(services => new Lazy<StorageCatalog>(
            () => CatalogSource.Create(settings, services.GetRequiredService<ILoggerFactory>()), LazyThreadSafetyMode.PublicationOnly));
        builder.Services.AddSingleton<CatalogAccess>();
        builder.Services.AddSingleton<WalReports>();
        builder.Services.AddSingleton<BackupNotifier>();
        builder.Services.AddHttpClient();
        builder.Services.AddHttpClient(BackupNotifier.ClientName)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false });

        // The runbook's steps say what was asked and answered; addresses of webhooks may carry secrets.
        builder.Services.ConfigureHttpClientDefaults(client => client.RemoveAllLoggers());
        AddHostServices(builder.Services);
    }

    /// <summary>What only one of the hosts offers.</summary>
    static partial void AddHostServices(IServiceCollection services);

    /// <summary>A job reads the same settings as its host: the same file, and folders that do not depend on where it runs.</summary>
    private static Dictionary<string, string> JobEnvironment(IConfiguration configuration, BackupSettings settings)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["RUN_STORE_PATH"] = settings.RunStorePath,
            ["WORK_PATH"] = settings.WorkPath,
        };
        if (configuration[SettingsReader.HostCatalog] is { Length: > 0 } catalog)
        {
            environment[SettingsReader.HostCatalog] = catalog;
        }

        if (configuration[SettingsLoader.FileVariable] is { Length: > 0 } file)
        {
            environment[SettingsLoader.FileVariable] = Path.GetFullPath(file);
        }
        else if (File.Exists(Path.Combine(AppContext.BaseDirectory, "local.settings.json")))
        {
            environment[SettingsLoader.FileVariable] = Path.Combine(AppContext.BaseDirectory, "local.settings.json");
        }

        return environment;
    }
}
