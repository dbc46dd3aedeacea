using System.Reflection;

namespace BackupFunctions.EmbeddedHost.Functions;

/// <summary>A function of the app, checked and ready to run.</summary>
internal sealed record FunctionEntry(
    string Name, MethodInfo Method, FunctionTrigger Trigger, IReadOnlyList<ArgumentBinder> Arguments, RetryAttribute? Retry)
{
    public string EntryPoint => $"{Method.DeclaringType!.FullName}.{Method.Name}";
}
