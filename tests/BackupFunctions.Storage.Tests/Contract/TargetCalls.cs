namespace BackupFunctions.Storage.Tests.Contract;

/// <summary>Every call of a target by name, for what all of them must answer alike.</summary>
public static class TargetCalls
{
    public static TheoryData<string> All => ["create", "open", "find", "list", "folders", "delete"];

    internal static async Task<StorageException> ErrorAsync(IStorageTarget target, string call)
    {
        Func<Task> action = call switch
        {
            "create" => () => target.PutAsync("key", [1]),
            "open" => () => target.OpenReadAsync("key", 0, CancellationToken.None),
            "find" => () => target.FindAsync("key", CancellationToken.None),
            "list" => () => target.ListAsync("", CancellationToken.None).AllAsync(),
            "folders" => () => target.ListFoldersAsync("", CancellationToken.None).AllAsync(),
            _ => () => target.DeleteAsync("key", CancellationToken.None),
        };
        return await Should.ThrowAsync<StorageException>(action);
    }
}
