using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Cli.Merge;

/// <summary>What the arguments ask for.</summary>
internal sealed record MergeWish(
    string Database, string? BackupId, WantedPoint? Point, IReadOnlyList<string> Tables, IReadOnlyList<string> Tenants, MergePolicy Policy, string? NewestColumn, bool Apply, bool Undo);
