using BackupFunctions.TestSupport;

namespace BackupFunctions.EndToEnd.Tests.Support;

/// <summary>PostgreSQL's programs, of which one waits when a job calls it, so that a job is killed exactly there.</summary>
internal sealed class HeldTools
{
    private const string Binaries = "/usr/lib/postgresql/15/bin";

    private readonly string _state;

    private HeldTools(string folder) => (Folder, _state) = (Path.Combine(folder, "bin"), Path.Combine(folder, "state"));

    /// <summary>POSTGRES_BIN.</summary>
    public string Folder { get; }

    /// <param name="folder">Empty; the server's account can reach it.</param>
    /// <param name="held">Names of programs; each waits until it is released.</param>
    public static async Task<HeldTools> CreateAsync(string folder, params string[] held)
    {
        var tools = new HeldTools(folder);
        Directory.CreateDirectory(tools.Folder);
        Directory.CreateDirectory(tools._state);
        await CommandLine.RunAsync("chmod", "-R", "a+rwx", folder);
        foreach (var program in Directory.EnumerateFiles(Binaries))
        {
            File.CreateSymbolicLink(Path.Combine(tools.Folder, Path.GetFileName(program)), program);
        }

        foreach (var name in held)
        {
            var script = Path.Combine(tools.Folder, name);
            File.Delete(script);
            tools.Hold(name);
            await File.WriteAllTextAsync(
                script,
                $"""
                #!/bin/sh
                if [ "$1" != --version ]; then
                    : > '{tools.FileOf(name, "called")}'
                    while [ -e '{tools.FileOf(name, "hold")}' ]; do sleep 0.05; done
                fi
                exec '{Path.Combine(Binaries, name)}' "$@"

                """);
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        }

        return tools;
    }

    public Task CalledAsync(string name) => Until.TrueAsync(() => File.Exists(FileOf(name, "called")), $"{name} is called", 120);

    /// <summary>Calls from now on wait; <see cref="CalledAsync"/> tells of them alone.</summary>
    public void Hold(string name)
    {
        File.Delete(FileOf(name, "called"));
        File.WriteAllText(FileOf(name, "hold"), string.Empty);
    }

    public void Release(string name) => File.Delete(FileOf(name, "hold"));

    private string FileOf(string name, string what) => Path.Combine(_state, $"{name}.{what}");
}
