using BackupFunctions.Postgres.Dump;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tools;

namespace BackupFunctions.Postgres.Restore;

/// <summary>
/// The subscriptions of a dump, in a database that has gone live: disabled and without a slot, so that nothing of them reaches the slot of
/// the subscription that was dumped, not even DROP SUBSCRIPTION. Each by itself: one that the server refuses is left out.
/// </summary>
public static class SubscriptionRestore
{
    /// <param name="tools">pg_restore and psql.</param>
    /// <param name="server">Where the database is.</param>
    /// <param name="folder">The dump.</param>
    /// <param name="database">Live: as long as a database has subscriptions the server does not drop it.</param>
    /// <param name="cancellationToken">Stops it; it can be run again.</param>
    /// <returns>One sentence for each subscription of the dump.</returns>
    /// <exception cref="Contracts.PgdrException">tool.* when the dump cannot be read; server.* when the server cannot be.</exception>
    public static async Task<IReadOnlyList<string>> RunAsync(
        PgTools tools, ServerConnection server, string folder, string database, CancellationToken cancellationToken)
    {
        var contents = await ArchiveToc.ReadAsync(tools, folder, cancellationToken);
        var subscriptions = contents.Where(static entry => entry.Kind == ArchiveEntryKind.Subscription).ToArray();
        if (subscriptions.Length == 0)
        {
            return [];
        }

        var way = await DatabaseRestore.CheckAsync(tools, server, folder, cancellationToken);
        var run = new SubscriptionScripts(tools, server, folder, database, way);
        var said = new List<string>();
        foreach (var entry in subscriptions)
        {
            said.Add(await CreateAsync(run, entry, cancellationToken));
        }

        await run.RunAsync([.. contents.Where(static entry => entry.IsAboutSubscription)], static script => script, stopAtErrors: false, cancellationToken);
        return said;
    }

    private static async Task<string> CreateAsync(SubscriptionScripts run, ArchiveEntry entry, CancellationToken cancellationToken)
    {
        SubscriptionScript? script = null;
        var refusal = await run.RunAsync(
            [entry],
            written => (script = SubscriptionScript.Read(written))?.ToTransaction(),
            stopAtErrors: true,
            cancellationToken);
        var name = script is null ? entry.Description : ArchiveScript.Readable(script.Name);
        return refusal switch
        {
            null => $"The subscription {name} was restored disabled and without a slot: it receives nothing until somebody gives it a slot of its own and enables it.",
            _ when refusal == run.Duplicate => $"The subscription {name} is there already and was left as it is.",
            _ => $"The subscription {name} was left out ({refusal}): create it again when the recovered database is to receive changes.",
        };
    }
}
