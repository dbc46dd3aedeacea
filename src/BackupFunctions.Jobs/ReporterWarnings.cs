using BackupFunctions.Contracts.Jobs;

namespace BackupFunctions.Jobs;

internal static class ReporterWarnings
{
    public static void WarnAll(this IJobReporter reporter, IEnumerable<string> sentences)
    {
        foreach (var sentence in sentences)
        {
            reporter.Warn(sentence);
        }
    }
}
