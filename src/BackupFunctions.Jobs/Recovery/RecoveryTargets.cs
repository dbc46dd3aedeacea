using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Postgres.Recovery;

namespace BackupFunctions.Jobs.Recovery;

/// <summary>From what was asked for to what PostgreSQL takes.</summary>
internal static class RecoveryTargets
{
    /// <exception cref="PgdrException">settings.invalid: more than one target, or one that is none.</exception>
    public static RecoveryTarget Of(RecoverServerParameters parameters)
    {
        var inclusive = !parameters.Exclusive;
        List<RecoveryTarget> given =
        [
            .. parameters.TargetTime is { } time ? [RecoveryTarget.At(time, inclusive)] : Array.Empty<RecoveryTarget>(),
            .. parameters.TargetLsn is { } lsn ? [new RecoveryTarget(RecoveryTargetKind.Lsn, Checked(lsn), inclusive)] : Array.Empty<RecoveryTarget>(),
            .. parameters.TargetName is { } name ? [new RecoveryTarget(RecoveryTargetKind.Name, name)] : Array.Empty<RecoveryTarget>(),
            .. parameters.TargetTransaction is { } transaction ? [new RecoveryTarget(RecoveryTargetKind.Transaction, transaction, inclusive)] : Array.Empty<RecoveryTarget>(),
            .. parameters.Immediate ? [new RecoveryTarget(RecoveryTargetKind.Immediate)] : Array.Empty<RecoveryTarget>(),
        ];
        return given switch
        {
            [] => RecoveryTarget.Latest,
            [var only] => only,
            _ => throw new PgdrException(ErrorCodes.InvalidSettings, "Give one target: a time, a position, a name, a transaction, or the first consistent point."),
        };
    }

    private static string Checked(string lsn) => Lsn.IsValid(lsn)
        ? lsn
        : throw new PgdrException(ErrorCodes.InvalidSettings, $"'{lsn}' is no position in the log: it looks like 0/16B3748.");
}
