using System.Security.Cryptography;
using System.Text;
using BackupFunctions.EmbeddedHost.Settings;
using Microsoft.Extensions.Logging;

namespace BackupFunctions.EmbeddedHost.Keys;

/// <summary>The host's keys. Several hosts may share the data folder: changes are made under a file lock and seen by the others.</summary>
internal sealed class KeyStore(string dataFolder, HostKeySettings settings, TimeProvider time, ILogger<KeyStore> logger)
{
    /// <summary>A key that is not known makes the host read the file again, at most this often.</summary>
    private static readonly TimeSpan ReloadInterval = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LockLimit = TimeSpan.FromSeconds(30);

    private static readonly (string Scope, string Name)[] Required =
    [
        (KeyScopes.Master, KeyScopes.MasterKey),
        (KeyScopes.HostFunctions, KeyScopes.DefaultKey),
        (KeyScopes.System, KeyScopes.DurableTaskKey),
    ];

    private readonly Lock _reload = new();
    private readonly KeyFile _file = new(dataFolder);
    private readonly StoredKey[] _given = [.. Given(settings)];
    private volatile IReadOnlyList<StoredKey> _keys = [];
    private DateTimeOffset _loaded;
    private DateTime _version;

    /// <summary>The key that management links carry.</summary>
    public string SystemKey =>
        settings.System ?? _keys.First(key => key.Is(KeyScopes.System, KeyScopes.DurableTaskKey)).Value!;

    /// <summary>Reads the keys, and makes them at the first start.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        DataFolder.Ensure(dataFolder);
        await using var alone = await FileLock.TakeAsync(_file.LockPath, LockLimit, TimeProvider.System, cancellationToken);
        CreateMissing(_file.Exists ? _file.Read() : []);
        Load();
    }

    /// <param name="presented">What the caller sent; null and empty grant nothing.</param>
    /// <param name="function">The function asked for, whose own keys count too.</param>
    /// <returns>Null when the key is unknown.</returns>
    public KeyGrant? Authenticate(string? presented, string? function)
    {
        if (string.IsNullOrEmpty(presented))
        {
            return null;
        }

        var hash = KeyGenerator.Hash(presented);
        return Match(hash, function) ?? (ReloadIfChanged() ? Match(hash, function) : null);
    }

    public IEnumerable<string> Names(string scope) =>
        _given.Concat(Effective()).Where(key => string.Equals(key.Scope, scope, StringComparison.OrdinalIgnoreCase)).Select(key => key.Name);

    /// <summary>Creates or replaces a key.</summary>
    public async Task<KeyChange> SetAsync(string scope, string name, string value, CancellationToken cancellationToken)
    {
        if (_given.Any(key => key.Is(scope, name)))
        {
            return KeyChange.GivenBySetting;
        }

        return await ChangeAsync(
            keys =>
            {
                var known = keys.RemoveAll(key => key.Is(scope, name)) > 0;
                keys.Add(Store(scope, name, value));
                return known ? KeyChange.Updated : KeyChange.Created;
            },
            cancellationToken);
    }

    public async Task<KeyChange> DeleteAsync(string scope, string name, CancellationToken cancellationToken) =>
        _given.Any(key => key.Is(scope, name))
            ? KeyChange.GivenBySetting
            : await ChangeAsync(
                keys => keys.RemoveAll(key => key.Is(scope, name)) > 0 ? KeyChange.Deleted : KeyChange.Unknown, cancellationToken);

    private static IEnumerable<StoredKey> Given(HostKeySettings settings)
    {
        string?[] values = [settings.Master, settings.Function, settings.System];
        return Required.Zip(values)
            .Where(pair => pair.Second is not null)
            .Select(pair => Store(pair.First.Scope, pair.First.Name, pair.Second!));
    }

    private static StoredKey Store(string scope, string name, string value) =>
        new(scope, name, KeyGenerator.Hash(value), name is KeyScopes.DurableTaskKey && scope is KeyScopes.System ? value : null);

    private void CreateMissing(List<StoredKey> keys)
    {
        var made = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (scope, name) in Required)
        {
            if (!_given.Concat(keys).Any(key => key.Is(scope, name)))
            {
                var value = KeyGenerator.Next();
                made[KeyScopes.One(scope)] = value;
                keys.Add(Store(scope, name, value));
            }
        }

        if (made.Count > 0)
        {
            // First the plaintext, then what makes it valid: a crash between leaves the next start to make new ones.
            _file.WriteInitial(made);
            logger.LogWarning("New keys were made; take them from {File}, then delete it", _file.InitialPath);
        }

        if (made.Count > 0 || !_file.Exists)
        {
            _file.Write(keys);
        }
    }

    private KeyGrant? Match(string hash, string? function)
    {
        // Every key is compared, each in fixed time, so that time says nothing about which one came close.
        KeyGrant? grant = null;
        foreach (var key in _given.Concat(Effective()))
        {
            var level = LevelOf(key.Scope, function);
            var equal = CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(key.Sha256), Encoding.ASCII.GetBytes(hash));
            if (equal && level is { } granted && (grant is null || granted > grant.Level))
            {
                grant = new KeyGrant(granted, key.Name);
            }
        }

        return grant;
    }

    private static AuthorizationLevel? LevelOf(string scope, string? function) =>
        scope switch
        {
            KeyScopes.Master => AuthorizationLevel.Admin,
            KeyScopes.System => AuthorizationLevel.System,
            KeyScopes.HostFunctions => AuthorizationLevel.Function,
            _ => function is not null && string.Equals(scope, KeyScopes.Function(function), StringComparison.Ordinal)
                ? AuthorizationLevel.Function
                : null,
        };

    private IEnumerable<StoredKey> Effective() => _keys.Where(key => !_given.Any(given => given.Is(key.Scope, key.Name)));

    private async Task<KeyChange> ChangeAsync(Func<List<StoredKey>, KeyChange> change, CancellationToken cancellationToken)
    {
        await using var alone = await FileLock.TakeAsync(_file.LockPath, LockLimit, TimeProvider.System, cancellationToken);
        var keys = _file.Read();
        var outcome = change(keys);
        if (outcome is not KeyChange.Unknown)
        {
            _file.Write(keys);
        }

        Load();
        return outcome;
    }

    private bool ReloadIfChanged()
    {
        lock (_reload)
        {
            if (time.GetUtcNow() - _loaded < ReloadInterval || _file.LastWritten == _version)
            {
                return false;
            }

            Load();
            return true;
        }
    }

    private void Load()
    {
        lock (_reload)
        {
            _version = _file.LastWritten;
            _loaded = time.GetUtcNow();
            _keys = _file.Read();
        }
    }
}
