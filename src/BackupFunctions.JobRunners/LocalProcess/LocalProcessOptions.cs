namespace BackupFunctions.JobRunners.LocalProcess;

/// <param name="Command">Program and first arguments of pgdr; "job run" and the run id follow.</param>
/// <param name="WorkingFolder">Where jobs start: the host's own, so that a relative path of the settings means the same to both.</param>
/// <param name="Environment">Added to the host's own environment; never a secret's value.</param>
public sealed record LocalProcessOptions(IReadOnlyList<string> Command, string WorkingFolder, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>pgdr beside the running program.</summary>
    public static LocalProcessOptions BesideThisProgram(IReadOnlyDictionary<string, string> environment) => new(
        [System.Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) is "dotnet" ? host : "dotnet", Path.Combine(AppContext.BaseDirectory, "pgdr.dll")],
        System.Environment.CurrentDirectory,
        environment);
}
