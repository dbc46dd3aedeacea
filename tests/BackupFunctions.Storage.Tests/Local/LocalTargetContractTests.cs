using BackupFunctions.Storage.Local;
using BackupFunctions.Storage.Tests.Contract;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Storage.Tests.Local;

public sealed class LocalTargetContractTests : ResumableTargetContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override Task<IStorageTarget> CreateTargetAsync()
    {
        var target = new LocalTarget("local", _folder["root"]);
        target.Prepare();
        return Task.FromResult<IStorageTarget>(target);
    }

    protected override Task<int> UnfinishedAsync() =>
        Task.FromResult(Directory.EnumerateFiles(Path.Combine(_folder["root"], ".uploading"), "*", SearchOption.AllDirectories).Count());
}
