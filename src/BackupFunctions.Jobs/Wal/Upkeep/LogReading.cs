using BackupFunctions.Jobs.Verify;
using BackupFunctions.Storage;
using BackupFunctions.Storage.Resume;

namespace BackupFunctions.Jobs.Wal.Upkeep;

/// <summary>One copy of an object, as it was read.</summary>
/// <param name="Target">Where.</param>
/// <param name="Condition">Good: its hash is that of its name, and what the inventory lists where there is one.</param>
/// <param name="Content">Of a good copy.</param>
/// <param name="Detail">What is wrong, one sentence.</param>
internal sealed record LogReading(IStorageTarget Target, ObjectCondition Condition, ExpectedObject? Content = null, string? Detail = null);
