using System.Text.Json;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Archive.Manifests;

/// <summary>The JSON inside of a base backup's contents.tink; as <see cref="ContentsCodec"/>.</summary>
public static class BaseContentsCodec
{
    /// <exception cref="InvalidOperationException">The contents would not be readable.</exception>
    public static Task WriteAsync(BaseContents contents, Stream destination, CancellationToken cancellationToken) =>
        BaseContentsRules.FindProblem(contents) is { } problem
            ? throw new InvalidOperationException($"The contents would not be readable: {problem}.")
            : JsonSerializer.SerializeAsync(destination, contents, ContractJson.Options, cancellationToken);

    /// <param name="plain">Authenticated; read to its end.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ArchiveException">object.damaged: not readable contents, or entries that do not fit together.</exception>
    public static async Task<BaseContents> ReadAsync(Stream plain, CancellationToken cancellationToken)
    {
        BaseContents? contents;
        try
        {
            contents = await JsonSerializer.DeserializeAsync<BaseContents>(plain, ContractJson.Strict, cancellationToken);
        }
        catch (JsonException invalid)
        {
            throw ArchiveException.Damaged($"The contents object does not read as contents of a base backup: {invalid.Message} Use the version that wrote it.", invalid);
        }

        var problem = contents is null ? "it is null" : BaseContentsRules.FindProblem(contents);
        return problem is null ? contents! : throw ArchiveException.Damaged($"The contents object is not sound: {problem}. Use another backup.");
    }
}
