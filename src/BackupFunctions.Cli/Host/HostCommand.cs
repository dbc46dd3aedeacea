using System.CommandLine;

namespace BackupFunctions.Cli.Host;

/// <summary>pgdr host: how the host and its workflows are doing.</summary>
internal static class HostCommand
{
    public static Command Create()
    {
        var command = new Command("host", "Examine the host's state and workflows, also while no host runs.");
        foreach (var verb in HostVerbs.Create())
        {
            command.Add(verb);
        }

        return command;
    }
}
