namespace BackupFunctions.Storage.Checks;

/// <summary>Names of the findings; they stand in results and documents.</summary>
internal static class TargetCheckNames
{
    public const string Settings = "settings";
    public const string Connect = "connect";
    public const string Clock = "clock";
    public const string Credentials = "credentials";
    public const string Write = "write";
    public const string Read = "read";
    public const string RangedRead = "ranged-read";
    public const string Overwrite = "overwrite";
    public const string ConditionalWrite = "conditional-write";
    public const string List = "list";
    public const string Latency = "latency";
    public const string Versioning = "versioning";
    public const string Lock = "lock";
    public const string Capacity = "capacity";
    public const string Delete = "delete";
}
