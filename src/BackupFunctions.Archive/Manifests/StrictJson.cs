using System.Text.Json;
using BackupFunctions.Contracts;

namespace BackupFunctions.Archive.Manifests;

/// <summary>How stored documents are read: no null where none belongs, no property twice.</summary>
internal static class StrictJson
{
    // Constructor parameters are not required: those that are null are not written. The rules look at what is missing.
    public static JsonSerializerOptions Options { get; } = new(ContractJson.Options)
    {
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
    };
}
