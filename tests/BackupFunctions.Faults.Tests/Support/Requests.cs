using BackupFunctions.TestSupport.Faults;

namespace BackupFunctions.Faults.Tests.Support;

/// <summary>The requests that faults hit.</summary>
internal static class Requests
{
    public static bool All(ProxiedRequest request) => request.Method.Length > 0;

    /// <summary>Each request when it comes for the first time: its repetition passes.</summary>
    public static Func<ProxiedRequest, bool> FirstOfEach()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return request => seen.Add(request.ToString());
    }

    /// <summary>Bytes of the objects that hold the database.</summary>
    public static bool PutsData(ProxiedRequest request) => request.Method == "PUT" && IsData(request);

    public static bool GetsData(ProxiedRequest request) => request.Method == "GET" && IsData(request);

    public static bool Gets(ProxiedRequest request, string key) => request.Method == "GET" && request.Path.EndsWith("/" + key, StringComparison.Ordinal);

    public static bool PutsLastPart(ProxiedRequest request) => request.Method == "PUT" && request.Target.Contains("partNumber=2", StringComparison.Ordinal);

    /// <summary>Joins the parts.</summary>
    public static bool Completes(ProxiedRequest request) => request.Method == "POST" && request.Target.Contains("uploadId=", StringComparison.Ordinal);

    public static bool Lists(ProxiedRequest request) => request.Method == "GET" && request.Target.Contains("list-type=2", StringComparison.Ordinal);

    private static bool IsData(ProxiedRequest request) => request.Path.Contains("/data/", StringComparison.Ordinal);
}
