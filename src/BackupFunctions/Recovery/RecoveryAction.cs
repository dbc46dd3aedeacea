using BackupFunctions.Contracts.DisasterRecovery;
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

    private async Task<string> RunCommandAsync(IReadOnlyList<string> command, RecoveryActionRequest request, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardError = true, RedirectStandardInput = true };
        SecretVariables.Remove(start.Environment);
        start.Environment["PGDR_DATABASE"] = request.Database;
        start.Environment["PGDR_SERVER"] = request.Server;
        start.Environment["PGDR_RESTORE_ID"] = request.RestoreId;
        using var process = StartProcess(start, request);
        var ended = EndOf(process);
        process.StandardInput.Close();
        var errors = new ErrorTail(process);
        try
        {
            await ended.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        if (process.ExitCode == 0)
        {
            return $"{Path.GetFileName(command[0])} ended with 0";
        }

        await errors.ReadToEndAsync(_time, cancellationToken);
        throw Failed(request, $"{Path.GetFileName(command[0])} ended with {process.ExitCode}{errors.Sentence()}");
    }

    /// <summary>
    /// The end of the process itself. Process.WaitForExitAsync also waits for the end of its output, which an application that the
    /// command left running keeps open.
    /// </summary>
    private static Task EndOf(Process process)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.Exited += (_, _) => ended.TrySetResult();
        process.EnableRaisingEvents = true;
        return ended.Task;
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
        client.Timeout = System.Threading.Timeout.InfiniteTimeSpan; // The action's own limit holds, and its sentence.
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
