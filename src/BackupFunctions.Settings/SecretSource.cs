using BackupFunctions.Contracts;

namespace BackupFunctions.Settings;

/// <summary>Where a secret is to be read: a file, or a setting (an environment variable). Printing it shows the place, never the value.</summary>
public sealed class SecretSource
{
    private readonly string? _path;
    private readonly string? _value;

    private SecretSource(string name, string? path, string? value)
    {
        Name = name;
        _path = path;
        _value = value;
    }

    /// <summary>For people: the file's name, or the setting's.</summary>
    public string Name { get; }

    public static SecretSource FromFile(string path) => new(System.IO.Path.GetFileName(path), path, value: null);

    public static SecretSource FromSetting(string setting, string value) => new(setting, path: null, value);

    /// <summary>The text; a final newline is not part of it.</summary>
    public string Read()
    {
        if (_value is not null)
        {
            return _value;
        }

        try
        {
            return File.ReadAllText(_path!).TrimEnd('\n', '\r');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PgdrException(
                ErrorCodes.KeyMissing, $"The file {_path} cannot be read ({e.GetType().Name}): check that it exists and that this account may read it.", e);
        }
    }

    public override string ToString() => Name;
}
