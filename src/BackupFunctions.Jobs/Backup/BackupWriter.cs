using BackupFunctions.Archive.Manifests;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Dump;
using BackupFunctions.Postgres.Servers;
using BackupFunctions.Postgres.Tools;

namespace BackupFunctions.Jobs.Backup;

/// <summary>Writes what a backup consists of: the dump's files as data objects, the globals, and last the contents that describe both.</summary>
internal sealed class BackupWriter
{
    private readonly JobEnvironment _environment;
    private readonly BackupObjects _objects;
    private readonly ServerConnection _server;
    private readonly PgTools _tools;

    public BackupWriter(JobEnvironment environment, BackupObjects objects, ServerConnection server, PgTools tools)
    {
        _environment = environment;
        _objects = objects;
        _server = server;
        _tools = tools;
    }

    public async Task<DumpOutcome> RunAsync(string database, string workFolder, CancellationToken cancellationToken)
    {
        await using var packer = new DumpPacker(_objects);
        var dump = await DumpWithGlobalsAsync(packer, database, workFolder, cancellationToken);
        _environment.Reporter.WarnAll(dump.Warnings);
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
                ServerConnection = _server,
                Database = database,
                PgTools = _tools,
                Jobs = _environment.Settings.DumpJobs,
                WorkFolder = workFolder,
            },
            packer.Open,
            new DelegateProgress<DumpProgress>(progress => _environment.Reporter.Bytes(progress.BytesDone)),
            cancellationToken);

    private async Task AddGlobalsAsync(CancellationToken cancellationToken)
    {
        await using var globals = await _objects.CreateAsync("globals.tink", "globals", cancellationToken);
        var outcome = await GlobalsDump.RunAsync(_tools, _server, globals, cancellationToken);
        _environment.Reporter.WarnAll(outcome.Warnings);
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
        await using var stored = await _objects.CreateAsync(ObjectNames.Contents, "contents", cancellationToken);
        await ContentsCodec.WriteAsync(contents, stored.AsStream(), cancellationToken);
        await stored.CompleteAsync(cancellationToken);
    }
}
