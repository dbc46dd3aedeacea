using System.CommandLine;
using BackupFunctions.Contracts;
using BackupFunctions.Settings;

namespace BackupFunctions.Cli.Wal;

/// <summary>The server that a command is about; the only one need not be named.</summary>
internal static class ServerArgument
{
    public static Argument<string?> Create() => new("server") { Description = "A server of the settings; may be left out when there is one.", Arity = ArgumentArity.ZeroOrOne };

    /// <exception cref="PgdrException">settings.invalid: none is configured, or one has to be named.</exception>
    public static string Choose(BackupSettings settings, string? named) => named ?? settings.Servers switch
    {
        [var only] => only.Name,
        [] => throw new PgdrException(ErrorCodes.InvalidSettings, "No server is configured: set Servers__main__Host and its user and password."),
        var all => throw new PgdrException(ErrorCodes.InvalidSettings, $"Name the server: {string.Join(", ", all.Select(server => server.Name))}."),
    };
}
