using BackupFunctions.Archive.Manifests;
using BackupFunctions.Catalog.Tests.Support;
using BackupFunctions.Contracts.Manifests;

namespace BackupFunctions.Catalog.Tests.Database;

/// <summary>Whatever happens to storage: the catalog lists what storage lists, by synchronisation and by rebuild.</summary>
[Collection(CatalogServerCollection.Name)]
public sealed class RandomHistoryTests(CatalogServer server, TestKeys keys) : IAsyncDisposable
{
    private const int Rounds = 12;
    private const int ChangesOfARound = 12;

    private readonly CatalogSite _site = new(server, keys);
    private readonly Dictionary<string, SignedDocument> _backups = new(StringComparer.Ordinal);
    private readonly HashSet<char> _away = [];

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task List_AfterAnyHistory_IsThatOfStorage(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < Rounds; round++)
        {
            var isRebuilt = round % 4 == 3;
            for (var change = 0; change < ChangesOfARound; change++)
            {
                Change(random, mayAlter: isRebuilt);
            }

            MoveTargets(random);
            if (isRebuilt && _away.Count < 3)
            {
                await _site.RebuildAsync();
            }

            await _site.ShouldListWhatStorageListsAsync();
        }
    }

    private void Change(Random random, bool mayAlter)
    {
        var reachable = string.Concat("abc".Where(target => !_away.Contains(target)));
        if (reachable.Length == 0)
        {
            return;
        }

        var some = Some(random, reachable);
        switch (random.Next(10))
        {
            case 0 or 1 or 2:
                var id = Documents.Id(1 + random.Next(28), $"{_backups.Count:x8}");
                _backups[id] = _site.Storage.PutBackup(id, some, manifest => manifest with { PlainSize = random.Next(1000) });
                break;
            case 3:
                _site.Storage.Put(some, StorageKeys.Backup(Documents.Cluster, Documents.Id(1 + random.Next(28), $"{random.Next():x8}")) + "contents.tink", [1]);
                break;
            case 4 when Pick(random) is { } lost:
                foreach (var target in some.Where(target => Directory.Exists(_site.Storage.PathOf(target.ToString(), StorageKeys.Backup(Documents.Cluster, lost)))))
                {
                    _site.Storage.RemoveFolder(target.ToString(), lost);
                }

                break;
            case 5 when Pick(random) is { } repaired:
                _site.Storage.PutManifest(repaired, some, _backups[repaired].Json, _backups[repaired].Signature);
                break;
            case 6 when mayAlter && Pick(random) is { } altered:
                byte[] json = [.. _backups[altered].Json];
                json[^3] ^= 1;
                _site.Storage.PutManifest(altered, some, json, _backups[altered].Signature);
                break;
            default:
                if (Pick(random) is { } stated)
                {
                    // Rewrapped needs recipients; it changes nothing that is listed.
                    var kinds = Enum.GetValues<StatementKind>().Where(kind => kind != StatementKind.Rewrapped).ToArray();
                    _site.Storage.PutStatement(
                        kinds[random.Next(kinds.Length)], _backups[stated], stated, some, random.Next(100_000), forged: random.Next(8) == 0,
                        copies: [.. Some(random, "abc").Select(target => target.ToString())]);
                }

                break;
        }
    }

    private void MoveTargets(Random random)
    {
        foreach (var target in "abc")
        {
            var isAway = random.Next(4) == 0;
            if (isAway && _away.Add(target))
            {
                _site.Storage.TakeAway(target.ToString());
            }
            else if (!isAway && _away.Remove(target))
            {
                _site.Storage.BringBack(target.ToString());
            }
        }
    }

    private string? Pick(Random random) => _backups.Count == 0 ? null : _backups.Keys.ElementAt(random.Next(_backups.Count));

    private static string Some(Random random, string of)
    {
        var some = string.Concat(of.Where(_ => random.Next(2) == 0));
        return some.Length == 0 ? of[..1] : some;
    }
}
