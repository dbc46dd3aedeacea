using System.Security.Cryptography;
using BackupFunctions.Archive.Encryption;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Archive.Keys;

/// <summary>Private RSA keys that open backups. Add all keys first; then it is safe for use from several threads.</summary>
public sealed class PrivateKeyRing : IDisposable
{
    private readonly Dictionary<string, (string Name, RSA Key)> _keys = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>SHA-256 (hex) of the SubjectPublicKeyInfo of every key.</summary>
    public IReadOnlyCollection<string> KeyIds => _keys.Keys;

    /// <param name="pem">PKCS#8 (also encrypted) or PKCS#1 text.</param>
    /// <param name="name">For messages.</param>
    /// <param name="passphrase">Of an encrypted key.</param>
    /// <returns>The key's id.</returns>
    /// <exception cref="ArchiveException">settings.invalid: not one private RSA key of 3072 bits or more, or the passphrase is wrong.</exception>
    public string Add(string pem, string name, string? passphrase = null)
    {
        var key = RsaKeys.Import(KeyText.PrivateBlock(pem, name), passphrase, name);
        var id = KeyText.Id(key);
        if (!_keys.TryAdd(id, (name, key)))
        {
            key.Dispose();
        }

        return id;
    }

    /// <summary>Opens the first envelope that one of the keys fits.</summary>
    /// <exception cref="ArchiveException">key.missing: the ring is empty; key.cannot-open: no key fits, or the envelope is damaged.</exception>
    public DataKey Unwrap(IReadOnlyList<KeyEnvelope> envelopes)
    {
        if (_keys.Count == 0)
        {
            throw new ArchiveException(
                ErrorCodes.KeyMissing, $"A private key is needed: the backup opens with {Describe(envelopes)}, and none was given.");
        }

        var fitting = envelopes.Where(envelope => _keys.ContainsKey(envelope.KeyId)).ToList();
        if (fitting.Count == 0)
        {
            throw new ArchiveException(
                ErrorCodes.KeyCannotOpen,
                $"No key at hand opens this backup: it opens with {Describe(envelopes)}; at hand: {DescribeOwn()}. Give one of the former.");
        }

        return fitting.Select(TryUnwrap).FirstOrDefault(key => key is not null) ?? throw new ArchiveException(
            ErrorCodes.KeyCannotOpen,
            $"The wrapped data key for {Describe(fitting)} is damaged or of an unknown kind: use another recipient's key or another copy.");
    }

    public void Dispose()
    {
        foreach (var (_, key) in _keys.Values)
        {
            key.Dispose();
        }

        _keys.Clear();
    }

    private static string Describe(IEnumerable<KeyEnvelope> envelopes)
    {
        var names = string.Join(" or ", envelopes.Select(envelope => $"{envelope.Name ?? "a key"} ({envelope.KeyId})"));
        return names.Length > 0 ? names : "no key at all";
    }

    private string DescribeOwn() => string.Join(", ", _keys.Select(pair => $"{pair.Value.Name} ({pair.Key})"));

    private DataKey? TryUnwrap(KeyEnvelope envelope)
    {
        if (envelope is not { Type: RsaKeys.EnvelopeType, Algorithm: RsaKeys.Algorithm })
        {
            return null;
        }

        byte[] bytes = [];
        try
        {
            lock (_lock)
            {
                bytes = _keys[envelope.KeyId].Key.Decrypt(Convert.FromBase64String(envelope.WrappedKey), RsaKeys.Padding);
            }

            return bytes.Length == DataKey.Size ? DataKey.FromBytes(bytes) : null;
        }
        catch (Exception damage) when (damage is CryptographicException or FormatException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }
}
