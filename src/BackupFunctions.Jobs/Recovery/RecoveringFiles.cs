using System.Text.Json;
using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Jobs.Restore.Physical;

namespace BackupFunctions.Jobs.Recovery;

/// <summary>
/// The isolated server of a recovery: its data directory, and beside it how far it has come, so that whatever interrupts a job, the next one
/// knows. Nothing of it waits for the disk: the folder counts within the same boot only.
/// </summary>
internal sealed class RecoveringFiles(string folder)
{
    public string Folder => folder;

    public string DataFolder => Path.Combine(folder, "data");

    /// <summary>Has its further tablespaces; absent when there are none.</summary>
    public string TablespacesFolder => Path.Combine(folder, "tablespaces");

    private string StageFile => Path.Combine(folder, "stage.json");

    /// <returns>The point with <see cref="ServerStage.Promoted"/> alone.</returns>
    public (ServerStage Stage, RecoveredPoint? Point) Read()
    {
        if (File.Exists(StageFile))
        {
            return JsonSerializer.Deserialize<Known>(File.ReadAllBytes(StageFile), ContractJson.Options) is { } known ? (known.Stage, known.Point) : (ServerStage.Recovering, null);
        }

        // A restore's own folder goes when it is whole.
        var restored = File.Exists(Path.Combine(DataFolder, BasePaths.ControlFile)) && !Directory.Exists(Path.Combine(DataFolder, DataDirectory.StateName));
        return (restored ? ServerStage.Restored : ServerStage.Absent, null);
    }

    public void Write(ServerStage stage, RecoveredPoint? point = null)
    {
        File.WriteAllBytes(StageFile + ".tmp", JsonSerializer.SerializeToUtf8Bytes(new Known(stage, point), ContractJson.Options));
        File.Move(StageFile + ".tmp", StageFile, overwrite: true);
    }

    /// <summary>Removes all of it; nothing runs on it any more.</summary>
    public void Delete()
    {
        if (Directory.Exists(folder))
        {
            // The data first: as long as the stage is there, nobody takes what is left for a whole server.
            if (Directory.Exists(DataFolder))
            {
                Directory.Delete(DataFolder, recursive: true);
            }

            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed record Known(ServerStage Stage, RecoveredPoint? Point);
}
