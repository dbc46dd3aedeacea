using System.Globalization;
using System.Text;

namespace BackupFunctions.TestSupport.Faults;

/// <summary>The head of a request on its way through a <see cref="FaultProxy"/>.</summary>
public sealed class ProxiedRequest
{
    private readonly string[] _lines;

    internal ProxiedRequest(ReadOnlySpan<byte> head)
    {
        _lines = Encoding.Latin1.GetString(head).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var parts = _lines[0].Split(' ');
        (Method, Target) = (parts[0], Uri.UnescapeDataString(parts[1]));
    }

    public string Method { get; }

    /// <summary>Path and query, unescaped.</summary>
    public string Target { get; }

    public string Path => Target.Split('?')[0];

    public override string ToString() => $"{Method} {Target}";

    internal long ContentLength => Header("Content-Length") is { } length ? long.Parse(length, CultureInfo.InvariantCulture) : 0;

    internal bool WaitsForContinue => Header("Expect") is not null;

    /// <summary>The head, with this exchange as the last one of its connection.</summary>
    internal byte[] Head()
    {
        var kept = _lines.Where(line => !IsHeader(line, "Connection"));
        return Encoding.Latin1.GetBytes(string.Join("\r\n", kept) + "\r\nConnection: close\r\n\r\n");
    }

    private static bool IsHeader(string line, string name) => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase);

    private string? Header(string name) => Array.Find(_lines, line => IsHeader(line, name))?[(name.Length + 1)..].Trim();
}
