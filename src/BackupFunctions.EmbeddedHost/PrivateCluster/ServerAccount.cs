using BackupFunctions.Contracts;
using BackupFunctions.EmbeddedHost.Settings;

namespace BackupFunctions.EmbeddedHost.PrivateCluster;

/// <summary>
/// Who runs the server: whoever runs the host, except that PostgreSQL refuses root, for whom the account <c>postgres</c> steps in.
/// </summary>
internal static class ServerAccount
{
    public const string Substitute = "postgres";

    public static bool IsSubstituted => Environment.IsPrivilegedProcess;

    /// <summary>Operating system accounts that may log in to the server.</summary>
    public static IEnumerable<string> AllowedUsers => IsSubstituted ? [Environment.UserName, Substitute] : [Environment.UserName];

    public static Task<CommandResult> RunAsync(Command command, CancellationToken cancellationToken) =>
        CommandRunner.RunAsync(
            IsSubstituted
                ? command with
                {
                    File = "setpriv",
                    Arguments = [$"--reuid={Substitute}", $"--regid={Substitute}", "--init-groups", "--", command.File, .. command.Arguments],
                }
                : command,
            cancellationToken);

    /// <summary>Makes a folder that only the server's account can enter; an existing one becomes so.</summary>
    /// <exception cref="PgdrException">The folder is somebody else's, or the account cannot reach it.</exception>
    public static async Task OwnFolderAsync(string folder, CancellationToken cancellationToken)
    {
        try
        {
            if (new DirectoryInfo(folder) is { LinkTarget: not null })
            {
                throw new PgdrException(ErrorCodes.InvalidSettings, $"{folder} is a link, which a private folder must not be: remove it.");
            }

            OwnerOnly.Folder(folder);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new PgdrException(ErrorCodes.InvalidSettings, $"{folder} cannot be made a private folder: {cause.Message}", cause);
        }

        if (!IsSubstituted)
        {
            return;
        }

        var owned = await CommandRunner.RunAsync(new Command("chown", [$"{Substitute}:", folder]), cancellationToken);
        if (owned.ExitCode != 0)
        {
            throw new PgdrException(
                ErrorCodes.ToolFailed,
                $"As root the host runs its PostgreSQL server as the account {Substitute}, which cannot get {folder}: {owned.LastWords}. "
                + "Install the server package, which creates the account, or run the host as an ordinary user.");
        }

        var reached = await RunAsync(new Command("test", ["-w", folder]), cancellationToken);
        if (reached.ExitCode != 0)
        {
            throw new PgdrException(
                ErrorCodes.InvalidSettings,
                $"The account {Substitute} cannot reach {folder}: let it pass the folders above (chmod o+x), or set DATA_FOLDER elsewhere, "
                + "for example /var/lib/backupfunctions.");
        }
    }
}
