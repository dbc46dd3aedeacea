using System.Text;
using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Dump;
using BackupFunctions.Postgres.Tools;

namespace BackupFunctions.Postgres.Restore;

/// <summary>The statements of a few entries of a dump, to be looked at: not for rows.</summary>
internal static class ArchiveScript
{
    /// <summary>Bytes: tens of thousands of foreign keys.</summary>
    private const int DefaultLimit = 64 * 1024 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A name out of a script, for people: nearly every database is in UTF-8.</summary>
    public static string Readable(string name)
    {
        try
        {
            return Strict.GetString(Encoding.Latin1.GetBytes(name));
        }
        catch (DecoderFallbackException)
        {
            return name;
        }
    }

    /// <param name="tools">pg_restore.</param>
    /// <param name="folder">The dump.</param>
    /// <param name="entries">Of it.</param>
    /// <param name="way">For a server that needs a script: without the setting that it does not know.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="limit">Bytes.</param>
    /// <returns>A byte a character (Latin-1), since the script is in the dump's own encoding.</returns>
    /// <exception cref="PgdrException">tool.failed</exception>
    public static async Task<string> ReadAsync(
        PgTools tools, string folder, IReadOnlyList<ArchiveEntry> entries, RestoreWay way, CancellationToken cancellationToken, int limit = DefaultLimit)
    {
        var list = Path.Combine(folder, "script.list");
        await File.WriteAllLinesAsync(list, entries.Select(static entry => entry.Line), cancellationToken);
        using var script = new MemoryStream();
        ValueTask TakeAsync(ReadOnlyMemory<byte> piece, CancellationToken token)
        {
            script.Write(script.Length + piece.Length <= limit
                ? piece.Span
                : throw new PgdrException(ErrorCodes.ToolFailed, $"The statements of {entries.Count} entries of the dump are longer than {limit} bytes: restore the whole database, or make them by hand."));
            return ValueTask.CompletedTask;
        }

        var filter = way == RestoreWay.Script ? new SettingsFilter(TakeAsync) : null;
        await PgToolRunner.RunCheckedAsync(
            new ToolCommand(tools.PgRestore, ["--format=directory", "--file=-", "--use-list=" + list, folder])
            {
                Output = filter is null ? TakeAsync : filter.WriteAsync,
            },
            cancellationToken);
        filter?.Complete();
        return Encoding.Latin1.GetString(script.GetBuffer(), 0, (int)script.Length);
    }
}
