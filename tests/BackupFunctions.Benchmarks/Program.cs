using System.Globalization;
using BackupFunctions.Benchmarks.Catalog;
using BackupFunctions.Benchmarks.Encryption;
using BackupFunctions.Benchmarks.Engine;
using BackupFunctions.Benchmarks.Retention;
using BackupFunctions.Benchmarks.Rpo;

// For ./bench: one measurement a call, its figures on standard output.
return args switch
{
    ["encryption", var work] when EncryptionBenchmark.Find(work) is { } run => await PrintAsync(run),
    ["engine", "round-trip", var state] => await DoneAsync(RoundTripBenchmark.RunAsync(state)),
    ["engine", "load", var state] => await DoneAsync(LoadBenchmark.RunAsync(state)),
    ["engine", "idle", var state] => await DoneAsync(IdleBenchmark.RunAsync(state)),
    ["engine", "seed", var count, var state] => await DoneAsync(FinishedInstances.SeedAsync(state, int.Parse(count, CultureInfo.InvariantCulture))),
    ["retention", "seed", var folder, var count, var segments] =>
        Done(() => StoredHistory.Seed(folder, int.Parse(count, CultureInfo.InvariantCulture), int.Parse(segments, CultureInfo.InvariantCulture))),
    ["retention", "list", var folder] => await DoneAsync(PlanBenchmark.ListAsync(folder)),
    ["retention", "choose", var folder] => await DoneAsync(PlanBenchmark.ChooseAsync(folder)),
    ["retention", "plan", var folder] => await DoneAsync(PlanBenchmark.PlanAsync(folder)),
    ["catalog", "rebuild", var folder, var connection] => await DoneAsync(RebuildBenchmark.RunAsync(folder, connection)),
    ["rpo", var seconds, var connection] => await DoneAsync(RpoBenchmark.RunAsync(connection, TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)))),
    _ => Usage(),
};

static async Task<int> PrintAsync(Func<Task<double>> run)
{
    Console.WriteLine((await run()).ToString("F0", CultureInfo.InvariantCulture));
    return 0;
}

static async Task<int> DoneAsync(Task work)
{
    await work;
    return 0;
}

static int Done(Action work)
{
    work();
    return 0;
}

static int Usage()
{
    Console.Error.WriteLine(
        """
        usage: BackupFunctions.Benchmarks encryption seal|open|write|read              bytes per second, one core
               BackupFunctions.Benchmarks engine round-trip|load|idle <connection>     milliseconds, seconds, percent of a core
               BackupFunctions.Benchmarks engine seed <count> <connection>             finished instances, to measure beside
               BackupFunctions.Benchmarks retention seed <folder> <count> <segments>   signed backups and log on three local targets
               BackupFunctions.Benchmarks retention list|choose|plan <folder>          seconds and MiB
               BackupFunctions.Benchmarks catalog rebuild <folder> <connection>        seconds and MiB of rebuild, sync and list on 3 targets
               BackupFunctions.Benchmarks rpo <seconds> <connection>                   seconds from commit until safe, of whoever receives beside
        """);
    return 2;
}
