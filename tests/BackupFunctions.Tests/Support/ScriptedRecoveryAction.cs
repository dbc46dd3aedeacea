using BackupFunctions.Contracts.DisasterRecovery;
using System.Collections.Concurrent;
using BackupFunctions.Contracts;
using BackupFunctions.Recovery;

namespace BackupFunctions.Tests.Support;

/// <summary>Restarts and reroutes nothing; fails with each given sentence once, then succeeds.</summary>
internal sealed class ScriptedRecoveryAction : IRecoveryAction
{
    private readonly ConcurrentQueue<RecoveryActionRequest> _requests = new();

    public ConcurrentQueue<string> Failures { get; } = new();

    public IReadOnlyList<RecoveryActionRequest> Requests => [.. _requests];

    public IReadOnlyList<RecoveryActionKind> Kinds => [.. _requests.Select(request => request.Kind)];

    public Task<string> RunAsync(RecoveryActionRequest request, CancellationToken cancellationToken)
    {
        _requests.Enqueue(request);
        return Failures.TryDequeue(out var sentence)
            ? throw new PgdrException(ErrorCodes.ToolFailed, sentence)
            : Task.FromResult($"{request.Kind} done");
    }
}
