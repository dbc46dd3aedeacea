using System.Runtime.InteropServices;
using BackupFunctions.Contracts.Logs;

namespace BackupFunctions.Retention.Wal;

/// <param name="Span">What stays, whole segments.</param>
/// <param name="Reason">A sentence.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct WalNeed(LogSpan Span, string Reason);
