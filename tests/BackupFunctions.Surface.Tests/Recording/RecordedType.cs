namespace BackupFunctions.Surface.Tests.Recording;

/// <summary>One public type as it was recorded; declarations and members are lines of C# without bodies.</summary>
/// <param name="Namespace">The real one, such as Microsoft.DurableTask.</param>
/// <param name="Attributes">With brackets, as displayed by the compiler: not all of them are valid C#.</param>
/// <param name="Declaration">From "public" on, with constraints before base types.</param>
/// <param name="Members">One a line.</param>
internal sealed record RecordedType(
    string Namespace, IReadOnlyList<string> Attributes, string Declaration, IReadOnlyList<string> Members);
