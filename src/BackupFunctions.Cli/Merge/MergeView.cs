using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Merges;

namespace BackupFunctions.Cli.Merge;

/// <summary>What a merge does, for people.</summary>
internal static class MergeView
{
    public static void Print(MergeRestoreReport report, bool apply)
    {
        Console.Out.WriteLine($"backup {report.BackupId} (as of {report.SnapshotAt:u}) into database {report.Database} on {report.Server}");
        foreach (var merge in report.Merges)
        {
            Print(merge);
        }

        foreach (var failure in report.Failures)
        {
            Console.Out.WriteLine($"FAILED: tenant {failure.Tenant}: {failure.Error}");
        }

        if (report.UndoBackupId is { } undo)
        {
            Console.Out.WriteLine($"the database before the merge is backup {undo}");
        }

        if (!apply)
        {
            Console.Out.WriteLine("nothing was written: 'pgdr merge apply' with the same arguments does it");
        }
    }

    private static void Print(MergeResult merge)
    {
        if (merge.Tenant is { } tenant)
        {
            Console.Out.WriteLine($"tenant {tenant}");
        }

        const string Row = "{0,12} {1,12} {2,12} {3,12} {4,12}  {5}";
        var culture = System.Globalization.CultureInfo.InvariantCulture;
        Console.Out.WriteLine(string.Format(culture, Row, "add", "change", "conflicting", "only live", "same", "table"));
        foreach (var table in merge.Tables)
        {
            Console.Out.WriteLine(string.Format(culture, Row, table.Add, table.Change, table.Conflicting, table.OnlyLive, table.Same, table.Table));
        }

        foreach (var warning in merge.Warnings)
        {
            Console.Out.WriteLine($"note: {warning}");
        }

        foreach (var blocker in merge.Blockers)
        {
            Console.Out.WriteLine($"REFUSED: {blocker}");
        }

        if (merge.Applied)
        {
            Console.Out.WriteLine("written");
        }
    }
}
