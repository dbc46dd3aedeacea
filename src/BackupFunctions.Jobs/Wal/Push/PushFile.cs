using System.Diagnostics.CodeAnalysis;
using BackupFunctions.Archive.Wal;

namespace BackupFunctions.Jobs.Wal.Push;

/// <summary>A file of pg_wal that is to be archived.</summary>
/// <param name="Name">As PostgreSQL calls it.</param>
/// <param name="Path">Where it is.</param>
/// <param name="Form">By its name.</param>
internal sealed record PushFile(string Name, string Path, PushForm Form)
{
    private const string PartialEnding = ".partial";

    public int Timeline => WalSegmentName.TimelineOf(Name);

    /// <summary>The name of its segment; of a history file, none.</summary>
    public string Segment => Name[..24];

    /// <returns>False: PostgreSQL archives no file of such a name.</returns>
    public static bool TryCreate(string path, [NotNullWhen(true)] out PushFile? file)
    {
        var name = System.IO.Path.GetFileName(path);
        PushForm? form = WalSegmentName.IsValid(name) ? PushForm.Segment
            : WalSegmentName.IsHistory(name) ? PushForm.History
            : WalSegmentName.IsBackupHistory(name) ? PushForm.BackupHistory
            : name.EndsWith(PartialEnding, StringComparison.Ordinal) && WalSegmentName.IsValid(name[..^PartialEnding.Length]) ? PushForm.PartialSegment
            : null;
        file = form is { } known ? new PushFile(name, path, known) : null;
        return file is not null;
    }
}
