namespace BackupFunctions.TestSupport;

/// <summary>Files of the repository that the tests were built in.</summary>
public static class Repository
{
    public static string PathOf(string relative)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "BackupFunctions.sln")))
            {
                return Path.Combine(folder.FullName, relative);
            }
        }

        throw new InvalidOperationException("BackupFunctions.sln is not above the folder of the test binaries.");
    }
}
