using System.Globalization;
using BackupFunctions.Benchmarks.Encryption;

// For ./bench: one measurement a call, one number on standard output.
return args switch
{
    ["encryption", var work] when EncryptionBenchmark.Find(work) is { } run => await PrintAsync(run),
    _ => Usage(),
};

static async Task<int> PrintAsync(Func<Task<double>> run)
{
    Console.WriteLine((await run()).ToString("F0", CultureInfo.InvariantCulture));
    return 0;
}

static int Usage()
{
    Console.Error.WriteLine("usage: BackupFunctions.Benchmarks encryption seal|open|write|read    bytes per second, one core");
    return 2;
}
