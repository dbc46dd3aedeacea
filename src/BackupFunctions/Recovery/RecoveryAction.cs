using System.Diagnostics;
using System.Net.Http.Json;
using BackupFunctions.Contracts;
using BackupFunctions.Settings;

namespace BackupFunctions.Recovery;

/// <summary>The action as a command of this machine or a webhook. It may be delivered twice after a crash, with the same restore id.</summary>
internal sealed class RecoveryAction : IRecoveryAction
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(10);

    private readonly BackupSettings _settings;
    private readonly IHttpClientFactory _http;
    private readonly TimeProvider _time;

    public RecoveryAction(BackupSettings settings, IHttpClientFactory http, TimeProvider time)
    {
        _settings = settings;
        _http = http;
        _time = time;
    }

    public async Task<string> RunAsync(RecoveryActionRequest request, CancellationToken cancellationToken)
    {
        var action = (request.Kind == RecoveryActionKind.Restart ? _settings.Recovery.Restart : _settings.Recovery.Reroute)
            ?? throw new PgdrException(ErrorCodes.InvalidSettings, $"No {request.Kind} action is configured any more: set {Name(request)}_COMMAND or {Name(request)}_WEBHOOK.");
        using var timeout = new CancellationTokenSource(Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return action.Command is { } command
                ? await RunCommandAsync(command, request, either.Token)
                : await PostAsync(action.Webhook!, request, either.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            throw Failed(request, $"it did not end within {Timeout.TotalMinutes:0} minutes");
        }
    }

    private static async Task<string> RunCommandAsync(IReadOnlyList<string> command, RecoveryActionRequest request, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["PGDR_DATABASE"] = request.Database;
        start.Environment["PGDR_SERVER"] = request.Server;
        start.Environment["PGDR_RESTORE_ID"] = request.RestoreId;
        using var process = StartProcess(start, request);
        process.StandardInput.Close();
        var errors = new ErrorTail(process);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return process.ExitCode == 0
            ? $"{Path.GetFileName(command[0])} ended with 0"
            : throw Failed(request, $"{Path.GetFileName(command[0])} ended with {process.ExitCode}{errors.Sentence()}");
    }

    private static Process StartProcess(ProcessStartInfo start, RecoveryActionRequest request)
    {
        try
        {
            return Process.Start(start) ?? throw Failed(request, "it did not start");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw Failed(request, $"{start.FileName} could not be started ({e.Message})");
        }
    }

    private async Task<string> PostAsync(Uri webhook, RecoveryActionRequest request, CancellationToken cancellationToken)
    {
        using var client = _http.CreateClient();
        try
        {
            using var response = await client.PostAsJsonAsync(webhook, request, ContractJson.Options, cancellationToken);
            return response.IsSuccessStatusCode
                ? $"webhook of {webhook.Host} answered {(int)response.StatusCode}"
                : throw Failed(request, $"the webhook of {webhook.Host} answered {(int)response.StatusCode}");
        }
        catch (HttpRequestException e)
        {
            throw Failed(request, $"the webhook of {webhook.Host} could not be reached ({e.HttpRequestError})");
        }
    }

    private static string Name(RecoveryActionRequest request) => request.Kind.ToString().ToUpperInvariant();

    private static PgdrException Failed(RecoveryActionRequest request, string why) =>
        new(ErrorCodes.ToolFailed, $"The {request.Kind.ToString().ToLowerInvariant()} action failed: {why}; mend it and send 'retry', or 'abort'.");
}
