using BackupFunctions.Archive.Manifests;
using BackupFunctions.Archive.Wal;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Jobs.Verify;
using BackupFunctions.Storage;
using BackupFunctions.Storage.Resume;

namespace BackupFunctions.Jobs.Wal.Upkeep;

/// <summary>Reads copies of log whole. An object's name has the hash of its ciphertext, so no key is needed. Changes nothing.</summary>
internal sealed class LogInspector(string cluster, string system, IJobReporter reporter)
{
    private long _bytesRead;

    /// <summary>Bytes of ciphertext so far.</summary>
    public long BytesRead => Interlocked.Read(ref _bytesRead);

    /// <summary>A difference counts when it is found twice: what a bad cable made of the bytes is no damage of the copy.</summary>
    /// <param name="target">Whose copy.</param>
    /// <param name="name">The object.</param>
    /// <param name="listed">What its receiver's inventory says of it; null: none does.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<LogReading> ReadAsync(IStorageTarget target, WalObjectName name, WalInventoryObject? listed, CancellationToken cancellationToken)
    {
        var key = StorageKeys.WalObject(cluster, system, name);
        try
        {
            for (var reading = 1; reading <= 2; reading++)
            {
                var (size, sha256) = await ObjectHash.ReadAsync(target, key, Count, cancellationToken);
                if (IsNamed(name, listed, size, sha256))
                {
                    return new LogReading(target, ObjectCondition.Good, new ExpectedObject(size, sha256));
                }
            }

            return new LogReading(target, ObjectCondition.Wrong, Detail: $"{key} on target '{target.Name}' is not what was archived: its SHA-256 is not that of its name.");
        }
        catch (StorageException e) when (string.Equals(e.Code, ErrorCodes.ObjectAbsent, StringComparison.Ordinal))
        {
            return new LogReading(target, ObjectCondition.Absent, Detail: $"{key} is not on target '{target.Name}' any more.");
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return new LogReading(target, ObjectCondition.Unknown, Detail: e is PgdrException ? e.Message : $"Target '{target.Name}' failed while {key} was read: {e.Message}");
        }
    }

    private static bool IsNamed(WalObjectName name, WalInventoryObject? listed, long size, string sha256) =>
        sha256.StartsWith(name.Hash, StringComparison.Ordinal)
        && (listed is null || (listed.Size == size && string.Equals(listed.Sha256, sha256, StringComparison.Ordinal)));

    private void Count(int bytes)
    {
        Interlocked.Add(ref _bytesRead, bytes);
        reporter.AddBytes(bytes);
    }
}
