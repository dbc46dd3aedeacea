using System.CommandLine;

namespace BackupFunctions.Cli.Host.Embedded;

internal static class HostVerbs
{
    public static IEnumerable<Command> Create() => [DoctorCommand.Create(), ReplayCommand.Create(), ExportCommand.Create()];
}
