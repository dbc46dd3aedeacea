using System.Security.Cryptography;
using System.Text.Json;
using BackupFunctions.Archive.Keys;
using BackupFunctions.Contracts;

namespace BackupFunctions.Archive.Manifests;

/// <summary>JSON as stored, and the detached signature over exactly these bytes.</summary>
/// <param name="Json">UTF-8, indented.</param>
/// <param name="Signature">ECDSA P-256 over SHA-256, DER.</param>
public sealed record SignedDocument(byte[] Json, byte[] Signature)
{
    /// <summary>Hex, of the JSON bytes: what statements and chains refer to.</summary>
    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Json));

    internal static SignedDocument Create<T>(T document, SigningKey key)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(document, ContractJson.Indented);
        return new SignedDocument(json, key.Sign(json));
    }

    /// <summary>Checks the signature, then the format, and only then parses the rest.</summary>
    /// <param name="kind">For messages: manifest or statement.</param>
    /// <returns>The document and the id of the key that really signed it.</returns>
    internal (T Document, string Signer) Open<T>(VerificationKeyRing keys, string kind, string format, int largestSize)
    {
        if (Json.Length > largestSize)
        {
            throw Altered(kind, $"it has {Json.Length} bytes, more than any {kind} does");
        }

        var signer = keys.FindSigner(Json, Signature) ?? throw Unsigned(keys, kind);
        try
        {
            RequireFormat(kind, format);
            return (JsonSerializer.Deserialize<T>(Json, StrictJson.Options) ?? throw new JsonException("it is null"), signer);
        }
        catch (JsonException invalid)
        {
            throw new ArchiveException(
                ErrorCodes.FormatUnknown, $"The {kind} is signed but does not read as {format}: {invalid.Message} Use the version that wrote it.", invalid);
        }
    }

    internal static ArchiveException Altered(string kind, string cause) => new(
        ErrorCodes.ManifestAltered, $"The {kind} was altered or damaged: {cause}. Use another copy, and find out who changed this one.");

    private void RequireFormat(string kind, string format)
    {
        using var document = JsonDocument.Parse(Json);
        var found = document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty("format", out var value) ? value.ToString() : "none";
        if (!string.Equals(found, format, StringComparison.Ordinal))
        {
            throw new ArchiveException(
                ErrorCodes.FormatUnknown, $"The {kind} has format '{found}' and this version reads {format}: use a newer version of pgdr.");
        }
    }

    /// <summary>Neither pinned key signed it. What it says of itself is not trusted; it only chooses the sentence.</summary>
    private ArchiveException Unsigned(VerificationKeyRing keys, string kind)
    {
        var claimed = ClaimedSigner.Find(Json);
        return claimed is null || keys.Contains(claimed)
            ? Altered(kind, "its signature does not fit its bytes")
            : new ArchiveException(
                ErrorCodes.SignerUnknown,
                $"The {kind} says it was signed by the key {claimed}, which is not pinned here: add that public key to the verification keys " +
                "if it is yours; otherwise do not use this copy.");
    }
}
