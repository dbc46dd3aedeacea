using BackupFunctions.Contracts;

namespace BackupFunctions.Jobs.Tests.Support;

internal static class Failures
{
    /// <summary>The job must fail with this code, and with one sentence: no line break, no trace, a remedy after the cause.</summary>
    public static async Task<string> ShouldFailWithAsync(this Task job, string code)
    {
        var failure = await Should.ThrowAsync<PgdrException>(() => job);
        failure.Code.ShouldBe(code, failure.Message);
        failure.Message.ShouldNotContain('\n');
        failure.Message.ShouldNotContain("   at ");
        failure.Message.ShouldMatch(@"[:;,] .+\.$");
        return failure.Message;
    }
}
