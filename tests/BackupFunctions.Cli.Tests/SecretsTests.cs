using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using BackupFunctions.Archive.Keys;
using BackupFunctions.Cli.Tests.Support;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Cli.Tests;

[Collection(CliCollection.Name)]
public sealed class SecretsTests(CliFixture fixture)
{
    [Fact]
    public async Task BackupAndRestore_ShowNoSecretInTheProcessListInOutputOrInAnyFile()
    {
        var (site, database) = await fixture.NewSiteAsync();
        using var disposed = site;
        // As values, not as files: whatever the process is given must not get out of it.
        site.Settings.Remove("Servers__main__PasswordFile");
        site.Settings["Servers__main__Password"] = PostgresServer.SuperuserPassword;
        site.Settings.Remove("BACKUP_SIGNING_KEY_PATH");
        site.Settings["BACKUP_SIGNING_KEY"] = await File.ReadAllTextAsync(fixture.Keys[KeyFiles.SigningPrivate]);
        File.Delete(Path.Combine(site.Folder, "password"));
        string[] secrets =
        [
            PostgresServer.SuperuserPassword, await BodyOfAsync(KeyFiles.SigningPrivate), await BodyOfAsync(KeyFiles.OperationalPrivate),
        ];
        var arguments = new ConcurrentDictionary<string, byte>(StringComparer.Ordinal);
        var log = Path.Combine(site.Folder, "tools.log");
        site.Settings["POSTGRES_BIN"] = RecordingTools(Path.Combine(site.Folder, "bin"), log);

        var outputs = new List<PgdrResult>
        {
            await WatchAsync(Pgdr.Start(site, "backup", "run", database), arguments),
            await WatchAsync(Pgdr.Start(site, "restore", database, "--confirm", database), arguments),
        };

        // A look at the processes may miss a tool that ends at once; what each was started with, its record has.
        foreach (var line in await File.ReadAllLinesAsync(log))
        {
            arguments.TryAdd(line, 0);
        }

        arguments.Keys.ShouldContain(line => line.Contains("pg_dump", StringComparison.Ordinal) && line.Contains("--dbname=", StringComparison.Ordinal));
        foreach (var secret in secrets)
        {
            arguments.Keys.ShouldAllBe(line => !line.Contains(secret, StringComparison.Ordinal));
            outputs.ShouldAllBe(output => !output.ShouldSucceed().Output.Contains(secret, StringComparison.Ordinal));
            outputs.ShouldAllBe(output => !output.Error.Contains(secret, StringComparison.Ordinal));
            foreach (var file in Directory.EnumerateFiles(site.Folder, "*", SearchOption.AllDirectories))
            {
                (await File.ReadAllBytesAsync(file)).AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)).ShouldBe(-1, file);
            }
        }
    }

    /// <summary>Collects the command lines of the process and of everything below it while it runs.</summary>
    private static async Task<PgdrResult> WatchAsync(Process process, ConcurrentDictionary<string, byte> arguments)
    {
        using (process)
        {
            var ended = Pgdr.EndAsync(process);
            while (!ended.IsCompleted)
            {
                foreach (var line in ProcessTree.CommandLines(process.Id))
                {
                    arguments.TryAdd(line, 0);
                }

                await Task.WhenAny(ended, Task.Delay(TimeSpan.FromMilliseconds(5)));
            }

            return await ended;
        }
    }

    /// <summary>PostgreSQL's tools, each behind a script that writes down its own command line first.</summary>
    private string RecordingTools(string folder, string log)
    {
        Directory.CreateDirectory(folder);
        foreach (var tool in Directory.EnumerateFiles(fixture.Server.Binaries))
        {
            var script = Path.Combine(folder, Path.GetFileName(tool));
            File.WriteAllText(script, $"#!/bin/sh\ntr '\\0' ' ' < /proc/$$/cmdline >> '{log}'\necho >> '{log}'\nexec '{tool}' \"$@\"\n");
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return folder;
    }

    private async Task<string> BodyOfAsync(string key) => (await File.ReadAllLinesAsync(fixture.Keys[key]))[1];
}
