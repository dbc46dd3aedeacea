namespace BackupFunctions.EmbeddedHost.Functions;

/// <summary>Which attempt of an invocation this is.</summary>
internal sealed class Attempt(int repetition, int maximum) : RetryContext
{
    public static readonly Attempt First = new(0, 0);

    public override int RetryCount => repetition;

    public override int MaxRetryCount => maximum;
}
