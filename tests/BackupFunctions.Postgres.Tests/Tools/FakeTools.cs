using BackupFunctions.TestSupport;

namespace BackupFunctions.Postgres.Tests.Tools;

/// <summary>A folder of scripts that pass for PostgreSQL's tools.</summary>
internal static class FakeTools
{
    public static string Create(TemporaryFolder folder, string version)
    {
        foreach (var name in new[] { "pg_dump", "pg_restore", "pg_dumpall" })
        {
            WriteScript(folder[name], $"echo '{name} (PostgreSQL) {version}'");
        }

        return folder.Path;
    }

    public static string WriteScript(string path, string body)
    {
        File.WriteAllText(path, "#!/bin/sh\n" + body + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return path;
    }
}
