using BackupFunctions.Contracts;

namespace BackupFunctions.EmbeddedHost.PrivateCluster;

/// <summary>Whether a cluster can be looked at from outside of its host without changing anything of it.</summary>
internal static class ClusterLook
{
    /// <exception cref="PgdrException">There is none, or it is another account's.</exception>
    public static async Task EnsureAllowedAsync(ClusterFolders folders, CancellationToken cancellationToken)
    {
        try
        {
            // Unlike File.Exists, tells absent from out of reach.
            File.GetAttributes(folders.VersionFile);
        }
        catch (Exception cause) when (cause is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new PgdrException(
                ErrorCodes.InvalidSettings,
                $"There is no state of a host in {folders.State}: start the host, or set DATA_FOLDER or STATE_CONNECTION as the host has it.",
                cause);
        }
        catch (UnauthorizedAccessException cause)
        {
            throw new PgdrException(
                ErrorCodes.ServerRefusedLogin, $"{folders.State} belongs to another account: run pgdr as the account that runs the host.", cause);
        }

        if (!ServerAccount.IsSubstituted)
        {
            return;
        }

        // Root may enter every folder, but must not start or adopt what an ordinary user's host made.
        var owner = (await CommandRunner.RunAsync(new Command("stat", ["-c", "%U", folders.State]), cancellationToken)).Output.Trim();
        if (owner != ServerAccount.Substitute)
        {
            throw new PgdrException(
                ErrorCodes.ServerRefusedLogin, $"The state in {folders.State} belongs to the account {owner}: run pgdr as {owner}, who runs the host.");
        }
    }
}
