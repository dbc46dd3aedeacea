using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Dump;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tools;

namespace BackupFunctions.Jobs.Backup;

/// <summary>Writes what a backup consists of: the dump's files as data objects, the globals, and last the contents that describe both.</summary>
internal sealed class BackupWriter(JobEnvironment environment, BackupObjects objects, ServerConnection server, PgTools tools)
{
    public async Task<DumpOutcome> RunAsync(string database, string workFolder, CancellationToken cancellationToken)
    {
        await using var packer = new DumpPacker(objects);
        var dump = await DumpWithGlobalsAsync(packer, database, workFolder, cancellationToken);
        environment.Reporter.WarnAll(dump.Warnings);
        await packer.FinishAsync(cancellationToken);
        await AddContentsAsync(packer.Parts, dump, cancellationToken);
        return dump;
    }

    /// <summary>Side by side, over connections of their own. What fails first ends the other and is the cause.</summary>
    private async Task<DumpOutcome> DumpWithGlobalsAsync(
        DumpPacker packer, string database, string workFolder, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var dump = DumpAsync(packer, database, workFolder, stop.Token);
        var globals = AddGlobalsAsync(stop.Token);
        var first = await Task.WhenAny(dump, globals);
        if (!first.IsCompletedSuccessfully)
        {
            await stop.CancelAsync();
        }

        await Task.WhenAll(dump, globals).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
        await globals;
        return await dump;
    }

    private Task<DumpOutcome> DumpAsync(DumpPacker packer, string database, string workFolder, CancellationToken cancellationToken) =>
        DatabaseDump.RunAsync(
            new DumpRequest
            {
                ServerConnection = server,
                Database = database,
                PgTools = tools,
                Jobs = environment.Settings.DumpJobs,
                WorkFolder = workFolder,
            },
            packer.Open,
            new DelegateProgress<DumpProgress>(progress => environment.Reporter.Bytes(progress.BytesDone)),
            cancellationToken);

    private async Task AddGlobalsAsync(CancellationToken cancellationToken)
    {
        await using var globals = await objects.CreateAsync("globals.tink", "globals", cancellationToken);
        var outcome = await GlobalsDump.RunAsync(tools, server, globals, cancellationToken);
        environment.Reporter.WarnAll(outcome.Warnings);
    }

    private async Task AddContentsAsync(IReadOnlyList<ArchivePart> parts, DumpOutcome dump, CancellationToken cancellationToken)
    {
        var contents = new BackupContents
        {
            Parts = parts,
            Tables = dump.Tables,
            LargeObjects = dump.LargeObjects,
            Sequences = dump.Sequences,
            Database = dump.DatabaseProperties,
            Roles = dump.Roles,
            Needs = dump.Needs,
        };
        await objects.WriteContentsAsync(stream => ContentsCodec.WriteAsync(contents, stream, cancellationToken), cancellationToken);
    }
}
