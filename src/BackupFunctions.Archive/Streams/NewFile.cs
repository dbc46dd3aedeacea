namespace BackupFunctions.Archive.Streams;

/// <summary>Files and folders that are private from their first moment on (Unix modes; Windows inherits the folder's rights).</summary>
internal static class NewFile
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Everyone = Owner | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Neither overwrites nor follows a link.</summary>
    public static FileStream Create(string path, bool isPrivate)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = isPrivate ? Owner : Everyone;
        }

        return new FileStream(path, options);
    }

    /// <summary>Leaves an existing folder as it is.</summary>
    public static void CreatePrivateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, Owner | UnixFileMode.UserExecute);
        }
    }
}
