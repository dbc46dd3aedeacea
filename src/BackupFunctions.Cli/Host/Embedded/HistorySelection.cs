using System.CommandLine;
using System.Runtime.CompilerServices;
using System.Text.Json;
using BackupFunctions.Contracts;
using BackupFunctions.EmbeddedHost.Doctor;
using BackupFunctions.EmbeddedHost.Durable.Histories;

namespace BackupFunctions.Cli.Host.Embedded;

/// <summary>Which of the stored histories a command takes.</summary>
internal sealed class HistorySelection
{
    private readonly Option<string?> _instance = new("--instance") { Description = "Only the workflow with this id." };
    private readonly Option<bool> _open = new("--open") { Description = "Only workflows that have not ended." };

    public void AddTo(Command command)
    {
        command.Add(_instance);
        command.Add(_open);
    }

    /// <exception cref="PgdrException">The state cannot be read, or there is no such workflow.</exception>
    public async IAsyncEnumerable<StoredHistory> ReadAsync(
        ParseResult result, HostSite site, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var id = result.GetValue(_instance);
        await using var state = await site.OpenAsync(cancellationToken);
        if (!state.IsReadable)
        {
            throw new PgdrException(
                ErrorCodes.InvalidSettings, "The state database is of another version than this program: start the host of this version once, which upgrades it.");
        }

        var reader = new InstanceFactsReader(state);
        var instances = await reader.ListAsync(id, result.GetValue(_open), cancellationToken);
        if (id is not null && instances.Count == 0)
        {
            throw new PgdrException(ErrorCodes.InvalidSettings, $"The host knows no workflow '{id}', or it has ended: 'pgdr host doctor' shows the open ones.");
        }

        foreach (var instance in instances)
        {
            yield return await ReadAsync(reader, instance, cancellationToken);
        }
    }

    private static async Task<StoredHistory> ReadAsync(
        InstanceFactsReader reader, EmbeddedHost.State.StoredInstance instance, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.HistoryAsync(instance, cancellationToken);
        }
        catch (JsonException cause)
        {
            throw new PgdrException(
                ErrorCodes.FormatUnknown, $"The history of {instance.InstanceId} has events that this version does not know: use the version that wrote it.", cause);
        }
    }
}
