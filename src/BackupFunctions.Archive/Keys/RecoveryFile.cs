using System.Text.Json;
using BackupFunctions.Contracts;

namespace BackupFunctions.Archive.Keys;

/// <summary>
/// The one file that, with storage, opens every backup: the private recovery key and the pinned verification keys. Kept offline.
/// </summary>
public sealed class RecoveryFile
{
    public const string CurrentFormat = "pgdr-recovery/1";

    private const int LargestSize = 1024 * 1024;

    public required string Format { get; init; }

    /// <summary>PEM text; encrypted when a passphrase was given.</summary>
    public required string RecoveryPrivateKey { get; init; }

    /// <summary>PEM texts.</summary>
    public required IReadOnlyList<string> VerificationKeys { get; init; }

    /// <exception cref="ArchiveException">key.missing: no such file, or not readable; settings.invalid: not a recovery file.</exception>
    public static RecoveryFile Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new ArchiveException(ErrorCodes.KeyMissing, $"The recovery file {path} does not exist: give the path of your recovery.json.");
        }

        try
        {
            if (new FileInfo(path).Length <= LargestSize
                && JsonSerializer.Deserialize<RecoveryFile>(File.ReadAllBytes(path), ContractJson.Options) is
                { Format: CurrentFormat, RecoveryPrivateKey: not null, VerificationKeys: { Count: > 0 } keys } file
                && keys.All(key => key is not null))
            {
                return file;
            }
        }
        catch (JsonException)
        {
            // Same sentence as for the wrong content; the exception could quote the file.
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ArchiveException(
                ErrorCodes.KeyMissing, $"The recovery file {path} cannot be read ({failure.Message}): check its owner and mode.", failure);
        }

        throw new ArchiveException(ErrorCodes.InvalidSettings, $"{path} is not a recovery file ({CurrentFormat}): give the recovery.json of pgdr keys new.");
    }

    /// <summary>Writes a new file that only its owner can read (mode 0600).</summary>
    /// <exception cref="ArchiveException">settings.invalid: it exists already, or cannot be written.</exception>
    public void Write(string path) => KeyFiles.WriteNew(path, JsonSerializer.SerializeToUtf8Bytes(this, ContractJson.Indented), isPrivate: true);

    /// <exception cref="ArchiveException">settings.invalid: the key in the file is unusable, or the passphrase is wrong.</exception>
    public PrivateKeyRing OpenPrivateKeys(string? passphrase = null)
    {
        var ring = new PrivateKeyRing();
        try
        {
            ring.Add(RecoveryPrivateKey, "recovery", passphrase);
            return ring;
        }
        catch
        {
            ring.Dispose();
            throw;
        }
    }

    /// <inheritdoc cref="VerificationKeyRing.FromPems"/>
    public VerificationKeyRing OpenVerificationKeys() => VerificationKeyRing.FromPems(VerificationKeys);
}
