using System.Runtime.InteropServices;

namespace BackupFunctions.Contracts.Logs;

/// <summary>A stretch of one timeline's write-ahead log.</summary>
/// <param name="Timeline">From 1.</param>
/// <param name="From">Its first byte.</param>
/// <param name="To">Behind its last byte.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LogSpan(int Timeline, ulong From, ulong To);
