namespace BackupFunctions.EndToEnd.Tests.Support;

/// <summary>Files of the repository that are not part of a program.</summary>
internal static class Repository
{
    public static string File(params string[] path) => Path.Combine([Root(), .. path]);

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "BackupFunctions.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("BackupFunctions.sln is not above the folder of the test binaries.");
    }
}
