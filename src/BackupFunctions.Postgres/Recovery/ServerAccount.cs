using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using BackupFunctions.Contracts;

namespace BackupFunctions.Postgres.Recovery;

/// <summary>Who runs a recovered server: whoever runs this, except that PostgreSQL refuses root, for whom the account postgres steps in.</summary>
public static partial class ServerAccount
{
    private const string Substitute = "postgres";

    private static readonly Lazy<(int User, int Group)> Ids = new(() => (Id("--user"), Id("--group")));

    internal static bool IsSubstituted => Environment.IsPrivilegedProcess;

    /// <summary>A change of account forgets what shall happen when this process dies, so that is said again.</summary>
    internal static IReadOnlyList<string> Command(string file, IReadOnlyList<string> arguments) => IsSubstituted
        ? ["setpriv", $"--reuid={Substitute}", $"--regid={Substitute}", "--init-groups", "--pdeathsig", "INT", "--", file, .. arguments]
        : [file, .. arguments];

    /// <summary>Lets the account, and nobody else, pass through a folder that is closed for others; it sees nothing of what lies in it.</summary>
    /// <exception cref="PgdrException">tool.failed: there is no such account.</exception>
    public static void LetPass(string folder)
    {
        var mode = File.GetUnixFileMode(folder);
        if (!IsSubstituted || mode.HasFlag(UnixFileMode.OtherExecute))
        {
            return;
        }

        if (ChangeOwner(folder, -1, Ids.Value.Group) != 0)
        {
            throw new PgdrException(ErrorCodes.ToolFailed, $"{folder} cannot be opened to the account {Substitute} (error {Marshal.GetLastPInvokeError()}).");
        }

        File.SetUnixFileMode(folder, (mode & ~(UnixFileMode.GroupRead | UnixFileMode.GroupWrite)) | UnixFileMode.GroupExecute);
    }

    /// <summary>Gives the account one file: the server opens its log for writing, too.</summary>
    internal static void OwnFile(string path)
    {
        if (IsSubstituted && ChangeOwner(path, Ids.Value.User, Ids.Value.Group) != 0)
        {
            throw new PgdrException(ErrorCodes.ToolFailed, $"{path} cannot be given to the account {Substitute} (error {Marshal.GetLastPInvokeError()}).");
        }
    }

    /// <summary>Gives the account what this process has written.</summary>
    /// <exception cref="PgdrException">tool.failed: there is no such account.</exception>
    internal static async Task OwnAsync(string folder, CancellationToken cancellationToken)
    {
        if (!IsSubstituted)
        {
            return;
        }

        var (code, words) = await RunAsync("chown", ["-R", $"{Substitute}:", folder], cancellationToken);
        if (code != 0)
        {
            throw new PgdrException(
                ErrorCodes.ToolFailed,
                $"As root the recovered server runs as the account {Substitute}, which cannot get {folder} ({words}): install the server package, or work as an ordinary user.");
        }

        await RequireAsync("-w", folder, cancellationToken);
    }

    /// <summary>The account gets as far as into a folder.</summary>
    /// <exception cref="PgdrException">settings.invalid: it cannot pass the folders above.</exception>
    public static Task RequirePassAsync(string folder, CancellationToken cancellationToken) =>
        IsSubstituted ? RequireAsync("-x", folder, cancellationToken) : Task.CompletedTask;

    private static async Task RequireAsync(string access, string folder, CancellationToken cancellationToken)
    {
        var command = Command("test", [access, folder]);
        if ((await RunAsync(command[0], command.Skip(1), cancellationToken)).Code != 0)
        {
            throw new PgdrException(
                ErrorCodes.InvalidSettings,
                $"The account {Substitute}, as which the recovered server runs, cannot reach {folder}: let it pass the folders above (chmod o+x), or name a directory elsewhere.");
        }
    }

    private static async Task<(int Code, string Words)> RunAsync(string file, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardError = true })!;
        var words = await process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, words.Trim());
    }

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, int user, int group);

    private static int Id(string which)
    {
        using var process = Process.Start(new ProcessStartInfo("id", [which, Substitute]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : throw new PgdrException(ErrorCodes.ToolFailed, $"There is no account {Substitute} on this machine: install the server package, or work as an ordinary user.");
    }
}
