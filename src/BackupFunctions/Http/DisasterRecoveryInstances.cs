namespace BackupFunctions.Http;

/// <summary>One recovery per database at a time: the instance id is made from the database's name.</summary>
internal static class DisasterRecoveryInstances
{
    public static string IdOf(string database) => $"dr-{DatabaseHash.Of(database)}";
}
