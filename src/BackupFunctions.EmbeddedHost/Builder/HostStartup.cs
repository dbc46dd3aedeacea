using BackupFunctions.Contracts;
using BackupFunctions.EmbeddedHost.Functions;
using BackupFunctions.EmbeddedHost.Http;
using BackupFunctions.EmbeddedHost.Keys;
using BackupFunctions.EmbeddedHost.Settings;
using BackupFunctions.EmbeddedHost.State;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace BackupFunctions.EmbeddedHost.Builder;

/// <summary>Keys and state before everything else; address and functions into the log once the host listens.</summary>
internal sealed class HostStartup(
    StartupWarnings warnings,
    HostSettings settings,
    FunctionCatalog functions,
    KeyStore keys,
    IStateDatabase database,
    HostAddress address,
    IServer server,
    ILogger<HostStartup> logger) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        foreach (var warning in warnings.Sentences)
        {
            logger.LogWarning("{Warning}", warning);
        }

        await keys.OpenAsync(cancellationToken);
        await ReachStateAsync(cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        var listening = server.Features.Get<IServerAddressesFeature>()!.Addresses.First();
        address.Listens(new Uri(listening));
        foreach (var function in functions.All)
        {
            logger.LogInformation(
                "Function {Function}: {Trigger}{Disabled}", function.Name, Describe(function.Trigger), functions.IsDisabled(function) ? " (disabled)" : string.Empty);
        }

        logger.LogInformation("Listening on {Address}", listening);
        if (settings.UrlFile is { } file)
        {
            var temporary = file + ".new";
            await File.WriteAllTextAsync(temporary, listening + Environment.NewLine, cancellationToken);
            File.Move(temporary, file, overwrite: true);
        }
    }

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        logger.LogInformation("Stopping");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task ReachStateAsync(CancellationToken cancellationToken)
    {
        var source = await database.OpenAsync(cancellationToken);
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
        }
        catch (NpgsqlException cause)
        {
            throw new PgdrException(
                ErrorCodes.ServerUnreachable,
                $"The state database cannot be opened ({cause.Message}): check STATE_CONNECTION, or leave it out to use a server of the host's own.",
                cause);
        }
    }

    private static string Describe(FunctionTrigger trigger) =>
        trigger switch
        {
            TimerFunctionTrigger timer => $"timer {timer.Schedule}",
            HttpFunctionTrigger http => $"{(http.Methods.Count == 0 ? "any verb" : string.Join(',', http.Methods))} /{http.Route.RawText} ({http.Level})",
            OrchestrationFunctionTrigger => "orchestrator",
            _ => "activity",
        };
}
