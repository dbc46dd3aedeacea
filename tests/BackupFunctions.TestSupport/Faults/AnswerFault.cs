using System.Globalization;
using System.Text;

namespace BackupFunctions.TestSupport.Faults;

/// <param name="Status">HTTP status.</param>
/// <param name="Code">The error's name.</param>
/// <param name="RetryAfterSeconds">Header Retry-After; null: none.</param>
public sealed record AnswerFault(int Status, string Code, int? RetryAfterSeconds) : Fault
{
    /// <summary>As S3 answers, with the header of Azure beside it.</summary>
    internal byte[] Bytes(bool withBody)
    {
        var body = withBody ? $"<?xml version=\"1.0\"?><Error><Code>{Code}</Code><Message>as told</Message></Error>" : string.Empty;
        var retryAfter = RetryAfterSeconds is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"Retry-After: {seconds}\r\n") : string.Empty;
        var type = withBody ? "Content-Type: application/xml\r\n" : string.Empty;
        return Encoding.ASCII.GetBytes(
            $"HTTP/1.1 {Status} Told\r\n{type}x-ms-error-code: {Code}\r\n{retryAfter}"
            + $"Content-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}");
    }
}
