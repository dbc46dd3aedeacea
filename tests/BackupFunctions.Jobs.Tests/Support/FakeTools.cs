using BackupFunctions.Postgres.Tools;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Jobs.Tests.Support;

/// <summary>A folder with tools that say to be of another version and otherwise are the real ones.</summary>
internal sealed class FakeTools : IDisposable
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly TemporaryFolder _folder = new();

    public FakeTools(PostgresServer server, string version)
    {
        foreach (var name in new[] { PgTools.PgDumpName, PgTools.PgRestoreName, PgTools.PgDumpAllName })
        {
            File.WriteAllText(_folder[name], $"""
                #!/bin/sh
                [ "$1" = --version ] && echo "{name} (PostgreSQL) {version}" && exit 0
                exec {server.Binaries}/{name} "$@"

                """);
            File.SetUnixFileMode(_folder[name], Executable);
        }
    }

    public string Folder => _folder.Path;

    public void Dispose() => _folder.Dispose();
}
