using BackupFunctions.Contracts;
using BackupFunctions.Storage.Local;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Storage.Tests.Faults;

/// <summary>Three folders as targets r2, b2 and local, each with a place for faults in front.</summary>
internal sealed class LocalTargets : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public LocalTargets() => (R2, B2, Local) = (Create("r2"), Create("b2"), Create("local"));

    public FaultyTarget R2 { get; }

    public FaultyTarget B2 { get; }

    public FaultyTarget Local { get; }

    public IReadOnlyList<IStorageTarget> All => [R2, B2, Local];

    public static StorageException Unreachable(string target) =>
        new(ErrorCodes.TargetUnreachable, target, $"Target {target} is unreachable: told so.");

    public async Task PutEverywhereAsync(string key, byte[] content)
    {
        foreach (var target in All)
        {
            await target.PutAsync(key, content);
        }
    }

    /// <summary>Files below a target's folder that are still being uploaded.</summary>
    public int Unfinished(string target) => Directory.EnumerateFiles(Path.Combine(_folder[target], ".uploading")).Count();

    public void Dispose() => _folder.Dispose();

    private FaultyTarget Create(string name)
    {
        var target = new LocalTarget(name, _folder[name]);
        target.Prepare();
        return new FaultyTarget(target);
    }
}
