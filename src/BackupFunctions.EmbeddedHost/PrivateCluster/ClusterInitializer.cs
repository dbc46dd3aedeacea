using System.Text;
using BackupFunctions.Contracts;

namespace BackupFunctions.EmbeddedHost.PrivateCluster;

/// <summary>Makes the data directory: whole or not at all, because it gets its name at the end.</summary>
internal static class ClusterInitializer
{
    public const string Superuser = "backupfunctions";

    public static async Task InitializeAsync(ClusterFolders folders, ServerBinaries binaries, CancellationToken cancellationToken)
    {
        if (Directory.Exists(folders.Initializing))
        {
            Directory.Delete(folders.Initializing, recursive: true);
        }

        if (Directory.Exists(folders.State) && Directory.EnumerateFileSystemEntries(folders.State).Any())
        {
            throw new PgdrException(
                ErrorCodes.InvalidSettings, $"{folders.State} holds something that is no PostgreSQL data directory: move it away, or set another DATA_FOLDER.");
        }

        await ServerAccount.OwnFolderAsync(folders.Initializing, cancellationToken);
        var result = await ServerAccount.RunAsync(
            new Command(
                binaries.Path("initdb"),
                ["-D", folders.Initializing, "-U", Superuser, "-E", "UTF8", "--locale=C", "--data-checksums", "--auth-local=peer", "--auth-host=reject"]),
            cancellationToken);
        if (result.ExitCode != 0)
        {
            throw new PgdrException(ErrorCodes.ToolFailed, $"The host's own PostgreSQL server could not be made by {binaries.Path("initdb")}: {result.LastWords}");
        }

        // The operating system says who is at the other end of the socket, so there is no password to keep.
        await WriteAsync(folders.Initializing, "pg_hba.conf", "local all all peer map=host\n", cancellationToken);
        var map = new StringBuilder();
        foreach (var user in ServerAccount.AllowedUsers)
        {
            map.Append("host \"").Append(user).Append("\" ").Append(Superuser).Append('\n');
        }

        await WriteAsync(folders.Initializing, "pg_ident.conf", map.ToString(), cancellationToken);
        if (Directory.Exists(folders.State))
        {
            Directory.Delete(folders.State);
        }

        Directory.Move(folders.Initializing, folders.State);
    }

    /// <summary>Written by the server's account: root does not write where another account could have laid a link.</summary>
    private static async Task WriteAsync(string folder, string name, string content, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, name);
        var result = await ServerAccount.RunAsync(new Command("tee", [path], content), cancellationToken);
        if (result.ExitCode != 0)
        {
            throw new PgdrException(ErrorCodes.ToolFailed, $"{path} could not be written: {result.LastWords}");
        }
    }
}
