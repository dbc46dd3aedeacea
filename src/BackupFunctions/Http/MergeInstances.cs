namespace BackupFunctions.Http;

/// <summary>One merge into a database at a time: the instance id is made from the database's name.</summary>
internal static class MergeInstances
{
    public static string IdOf(string database) => $"merge-{DatabaseHash.Of(database)}";
}
