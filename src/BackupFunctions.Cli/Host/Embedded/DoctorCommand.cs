using System.CommandLine;
using BackupFunctions.Cli.Output;
using BackupFunctions.EmbeddedHost.Doctor;

namespace BackupFunctions.Cli.Host.Embedded;

/// <summary>pgdr host doctor: what the host works on, what it waits for, and what will not move by itself.</summary>
internal static class DoctorCommand
{
    private const double DefaultMinutes = 60;

    public static Command Create()
    {
        var limit = new Option<double>("--limit")
        {
            Description = "Minutes that a workflow may stand still before it counts as stuck.",
            DefaultValueFactory = _ => DefaultMinutes,
        };
        limit.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<double>() is not (>= 0 and < 1e6))
            {
                given.AddError("--limit takes minutes, 0 or more.");
            }
        });
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("doctor", "Show hosts, backlog, and what each workflow waits for.") { limit, json };
        command.SetAction((result, cancellationToken) => CommandBoundary.RunAsync(result, () =>
            RunAsync(TimeSpan.FromMinutes(result.GetValue(limit)), result.GetValue(json), cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(TimeSpan limit, bool json, CancellationToken cancellationToken)
    {
        using var loggers = JobEnvironments.CreateLoggers();
        await using var site = HostAccess.Open(loggers);
        await using var app = HostAccess.HasApp ? HostAccess.LoadApp(site, loggers) : null;
        await using var state = await site.OpenAsync(cancellationToken);
        var report = await new HostDoctor(state, app?.Check, site.Engine.Lease)
            .ExamineAsync(site.Place, TimeProvider.System.GetUtcNow().UtcDateTime, limit, cancellationToken);
        if (json)
        {
            Json.Print(report);
        }
        else
        {
            DoctorView.Print(report);
        }

        return report.IsHealthy ? ExitCodes.Done : ExitCodes.Stuck;
    }
}
