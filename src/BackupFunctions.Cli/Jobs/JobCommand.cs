using System.CommandLine;

namespace BackupFunctions.Cli.Jobs;

internal static class JobCommand
{
    public static Command Create() => new("job", "Run jobs; used by job runners and container images.") { JobRunCommand.Create() };
}
