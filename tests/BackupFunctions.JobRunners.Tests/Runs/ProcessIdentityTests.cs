using System.Globalization;
using BackupFunctions.JobRunners.Runs;
using BackupFunctions.JobRunners.Tests.Support;

namespace BackupFunctions.JobRunners.Tests.Runs;

public sealed class ProcessIdentityTests
{
    [Fact]
    public void Exists_RunningProcess_IsTrue() => Own().Exists().ShouldBeTrue();

    [Fact]
    public void Exists_SameNumberStartedAtAnotherTime_IsFalse()
    {
        var own = Own();

        (own with { StartTicks = own.StartTicks - 1 }).Exists().ShouldBeFalse();
    }

    [Fact]
    public void Exists_SameNumberAfterAReboot_IsFalse() =>
        (Own() with { BootId = "6e8b5a0e-0000-4000-8000-000000000000" }).Exists().ShouldBeFalse();

    [Fact]
    public async Task Exists_KilledProcess_IsFalse()
    {
        using var process = new HelperProcess("exec sleep 1000");
        var identity = ProcessIdentity.Of(process.Id).ShouldNotBeNull();
        identity.Exists().ShouldBeTrue();

        await process.KillAsync();

        identity.Exists().ShouldBeFalse();
    }

    [Fact]
    public async Task Exists_Zombie_IsFalse()
    {
        // The shell becomes a sleep that never asks for its child: what is left of cat when its input ends is a zombie.
        using var parent = new HelperProcess("exec 3<&0; cat <&3 >/dev/null & echo $!; exec sleep 1000");
        var id = int.Parse((await parent.Output.ReadLineAsync())!, CultureInfo.InvariantCulture);
        var identity = ProcessIdentity.Of(id).ShouldNotBeNull();
        identity.Exists().ShouldBeTrue();

        parent.CloseInput();
        await Eventually.IsTrueAsync(() => ProcStat.State(id) == 'Z', "cat is a zombie");

        identity.Exists().ShouldBeFalse();
    }

    [Fact]
    public async Task Of_NameWithSpacesAndParentheses_FindsTheStartTime()
    {
        using var folder = new TemporaryFolder();
        var program = folder["a ) Z (b"];
        File.Copy("/bin/sleep", program);
        using var process = new HelperProcess("exec \"$1\" 1000", program);
        await Eventually.IsTrueAsync(() => ProcStat.Text(process.Id).Contains("a ) Z (b", StringComparison.Ordinal), "the shell was replaced");

        var identity = ProcessIdentity.Of(process.Id).ShouldNotBeNull();

        identity.Exists().ShouldBeTrue();
        identity.StartTicks.ShouldBe(ProcStat.StartTicks(process.Id));
        await process.KillAsync();
    }

    [Fact]
    public void Of_NoSuchProcess_IsNull() => ProcessIdentity.Of(int.MaxValue).ShouldBeNull();

    private static ProcessIdentity Own() => ProcessIdentity.Of(Environment.ProcessId).ShouldNotBeNull();
}
