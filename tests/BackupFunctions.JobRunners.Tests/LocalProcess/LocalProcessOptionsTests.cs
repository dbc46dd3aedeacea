using BackupFunctions.JobRunners.LocalProcess;

namespace BackupFunctions.JobRunners.Tests.LocalProcess;

public sealed class LocalProcessOptionsTests
{
    [Fact]
    public void BesideThisProgram_Command_IsDotnetWithPgdrInTheSameFolder()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["WORK_PATH"] = "/var/work" };

        var options = LocalProcessOptions.BesideThisProgram(environment);

        options.Command.Count.ShouldBe(2);
        Path.GetFileNameWithoutExtension(options.Command[0]).ShouldBe("dotnet");
        options.Command[1].ShouldBe(Path.Combine(AppContext.BaseDirectory, "pgdr.dll"));
        options.Environment.ShouldBe(environment);
    }
}
