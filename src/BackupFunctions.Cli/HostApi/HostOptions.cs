using System.CommandLine;
using System.Text.Json;
using BackupFunctions.Contracts;
using BackupFunctions.Settings;

namespace BackupFunctions.Cli.HostApi;

/// <summary>Where the host is and the key for it. A key is never an argument: it would stand in the process list.</summary>
internal sealed class HostOptions
{
    private readonly Option<string?> _url = new("--host") { Description = "The host's URL; default: HOST_URL, else http://127.0.0.1:7071." };

    private readonly Option<string?> _keyFile = new("--key-file")
    {
        Description = "File with the host's master key; default: HOST_MASTER_KEY, else initial-keys.json in DATA_FOLDER.",
    };

    public void AddTo(Command command)
    {
        command.Add(_url);
        command.Add(_keyFile);
    }

    /// <param name="result">The command line.</param>
    /// <param name="otherwise">What a person can use when no host answers.</param>
    public HostClient Connect(ParseResult result, string otherwise = "pgdr restore")
    {
        var configuration = SettingsLoader.Load();
        var url = result.GetValue(_url) ?? configuration["HOST_URL"] ?? "http://127.0.0.1:7071";
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address))
        {
            throw new PgdrException(ErrorCodes.InvalidSettings, $"'{url}' is not a URL: give --host like http://127.0.0.1:7071.");
        }

        var key = result.GetValue(_keyFile) is { } file ? SecretSource.FromFile(file).Read()
            : configuration["HOST_MASTER_KEY"] is { Length: > 0 } given ? given
            : ReadInitialKey(configuration["DATA_FOLDER"] is { Length: > 0 } data ? data : SettingsReader.DefaultDataFolder());
        return new HostClient(address, key, otherwise);
    }

    private static string ReadInitialKey(string dataFolder)
    {
        var path = Path.Combine(dataFolder, "initial-keys.json");
        try
        {
            using var keys = JsonDocument.Parse(File.ReadAllBytes(path));
            return keys.RootElement.GetProperty("masterKey").GetString()!;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException)
        {
            throw new PgdrException(
                ErrorCodes.KeyMissing, $"No key for the host: {path} cannot be read; give --key-file or set HOST_MASTER_KEY.", e);
        }
    }
}
