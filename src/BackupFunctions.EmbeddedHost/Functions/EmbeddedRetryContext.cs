namespace BackupFunctions.EmbeddedHost.Functions;

internal sealed class EmbeddedRetryContext(FunctionEntry function, int repetition) : RetryContext
{
    public override int RetryCount => repetition;

    public override int MaxRetryCount => function.Retry?.MaxRetryCount ?? 0;
}
