namespace BackupFunctions.Cli;

internal static class ExitCodes
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int NotVerified = 3;
    public const int Stuck = 4;
    public const int CodeDoesNotFit = 5;
    public const int Canceled = 130;
}
