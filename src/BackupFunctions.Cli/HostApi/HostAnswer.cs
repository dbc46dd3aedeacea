using System.Net;
using System.Text.Json;
using BackupFunctions.Contracts;

namespace BackupFunctions.Cli.HostApi;

/// <summary>An answer of the host to a call that went well.</summary>
internal sealed record HostAnswer(HttpStatusCode Status, string Text)
{
    /// <exception cref="PgdrException">It is something else: another program answers there.</exception>
    public T Read<T>()
    {
        try
        {
            return JsonSerializer.Deserialize<T>(Text, ContractJson.Options) ?? throw new JsonException();
        }
        catch (JsonException e)
        {
            throw new PgdrException(ErrorCodes.Unexpected, "The answer is not one of this host: check --host or HOST_URL.", e);
        }
    }
}
