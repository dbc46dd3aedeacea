using System.Text;
using BackupFunctions.EmbeddedHost.DurableTask;

namespace BackupFunctions.EmbeddedHost.Durable;

/// <summary>Values above the maximum are refused where they come in; they would slow down every turn of their instance.</summary>
/// <param name="maximum">Bytes of UTF-8.</param>
internal sealed class PayloadLimit(int maximum)
{
    private const int LongestCharacter = 3;

    /// <param name="value">JSON.</param>
    /// <param name="what">What it is, with its article.</param>
    /// <returns>Null when it is small enough.</returns>
    public TaskFailureDetails? Failure(string? value, string what) => IsOver(value)
        ? new TaskFailureDetails("PayloadTooLarge", Message(value, what), null, null, null) { IsNonRetriable = true }
        : null;

    /// <exception cref="ArgumentException">The value is over the maximum.</exception>
    public void Check(string? value, string what)
    {
        if (IsOver(value))
        {
            throw new ArgumentException(Message(value, what));
        }
    }

    private bool IsOver(string? value) =>
        value is not null && value.Length > maximum / LongestCharacter && Encoding.UTF8.GetByteCount(value) > maximum;

    private string Message(string? value, string what) =>
        $"{what} has {Encoding.UTF8.GetByteCount(value!)} bytes, more than the {maximum} that a value may have: keep the data in storage and pass its place.";
}
