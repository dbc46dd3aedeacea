namespace BackupFunctions.Contracts.Manifests;

/// <summary>The backup's data key, wrapped for one recipient.</summary>
/// <param name="Type">rsa.</param>
/// <param name="KeyId">SHA-256 (hex) of the recipient's SubjectPublicKeyInfo.</param>
/// <param name="Algorithm">RSA-OAEP-256.</param>
/// <param name="WrappedKey">Base64.</param>
/// <param name="Name">The recipient's name in configuration, for people (operational, recovery).</param>
public sealed record KeyEnvelope(string Type, string KeyId, string Algorithm, string WrappedKey, string? Name);
