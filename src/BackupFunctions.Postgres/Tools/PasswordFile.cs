using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Files;
using BackupFunctions.Postgres.Servers;

namespace BackupFunctions.Postgres.Tools;

/// <summary>A libpq password file, mode 0600, in a folder of its own; gone with it.</summary>
internal sealed class PasswordFile : IDisposable
{
    private const string Prefix = "pgdr-pass-";

    private readonly PrivateFolder _folder;

    private PasswordFile(PrivateFolder folder) => _folder = folder;

    public string Path => System.IO.Path.Combine(_folder.Path, "pgpass");

    /// <summary>Null when the server has no password configured.</summary>
    public static PasswordFile? For(ServerConnection? server)
    {
        if (server?.Password is not { } password)
        {
            return null;
        }

        if (password.AsSpan().ContainsAny('\n', '\r', '\0'))
        {
            throw new PgdrException(
                ErrorCodes.InvalidSettings, $"The password of server {server.Endpoint} contains a line break; pg tools cannot take it, choose another.");
        }

        PrivateFolder.SweepStale(System.IO.Path.GetTempPath(), Prefix);
        var file = new PasswordFile(PrivateFolder.Create(System.IO.Path.GetTempPath(), Prefix));
        var escaped = password.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using var writer = new StreamWriter(file.Path, options);
        writer.Write($"*:*:*:*:{escaped}\n");
        return file;
    }

    public void Dispose() => _folder.Dispose();
}
