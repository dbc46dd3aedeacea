using BackupFunctions.Contracts;

namespace BackupFunctions.Storage.Local;

/// <summary>Gives a finished upload the name of its object, in one step and never in place of another.</summary>
internal static class LocalPublication
{
    private const int AttemptsAgainstRemovedFolders = 5;

    /// <summary>The file of an object that is whole and on disk; it is gone afterwards. The same object there already is a success.</summary>
    /// <exception cref="StorageException">Another object is there (object.damaged).</exception>
    public static async Task FinishAsync(string target, LocalRoot root, string key, string temporary, CancellationToken cancellationToken)
    {
        try
        {
            var file = root.FileOf(key);
            if (!Publish(temporary, file) && !await FileComparison.AreEqualAsync(temporary, file, cancellationToken))
            {
                throw new StorageException(
                    ErrorCodes.ObjectDamaged, target,
                    $"Target {target} already holds {key} with other content; objects are never rewritten, so one of the two is damaged or foreign.");
            }

            LocalRoot.FlushFolder(Path.GetDirectoryName(file)!);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>False when the name is taken. A folder above may vanish in between: deleting removes emptied folders.</summary>
    private static bool Publish(string temporary, string file)
    {
        for (var attempt = 1; ; attempt++)
        {
            LocalRoot.CreateFoldersAbove(file);
            try
            {
                return TryName(temporary, file);
            }
            catch (IOException) when (attempt < AttemptsAgainstRemovedFolders && !Directory.Exists(Path.GetDirectoryName(file)))
            {
                continue;
            }
        }
    }

    private static bool TryName(string temporary, string file)
    {
        if (!OperatingSystem.IsWindows())
        {
            return PosixCalls.TryLink(temporary, file);
        }

        if (File.Exists(file))
        {
            return false;
        }

        // Fails on Windows when the name was taken meanwhile.
        File.Move(temporary, file, overwrite: false);
        return true;
    }
}
