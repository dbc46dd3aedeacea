using System.Text.Json;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Archive.Manifests;

/// <summary>The JSON inside of contents.tink; compression, encryption and the check against the manifest are the caller's part.</summary>
public static class ContentsCodec
{
    /// <exception cref="InvalidOperationException">The parts would not be readable.</exception>
    public static Task WriteAsync(BackupContents contents, Stream destination, CancellationToken cancellationToken) =>
        ContentsRules.FindProblem(contents.Parts) is { } problem
            ? throw new InvalidOperationException($"The contents would not be readable: {problem}.")
            : JsonSerializer.SerializeAsync(destination, contents, ContractJson.Options, cancellationToken);

    /// <param name="plain">An <see cref="Reading.ArchiveObjectReader"/>; read to its end, so that all of it is authenticated.</param>
    /// <exception cref="ArchiveException">object.damaged: not readable contents, or parts that do not fit together.</exception>
    public static async ValueTask<BackupContents> ReadAsync(Stream plain, CancellationToken cancellationToken)
    {
        BackupContents? contents;
        try
        {
            contents = await JsonSerializer.DeserializeAsync<BackupContents>(plain, ContractJson.Strict, cancellationToken);
        }
        catch (JsonException invalid)
        {
            throw ArchiveException.Damaged($"The contents object does not read as contents: {invalid.Message} Use the version that wrote it.", invalid);
        }

        var problem = contents is null ? "it is null" : ContentsRules.FindProblem(contents.Parts);
        return problem is null ? contents! : throw ArchiveException.Damaged($"The contents object is not sound: {problem}. Use another backup.");
    }
}
