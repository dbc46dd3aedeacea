using BackupFunctions.Contracts;

namespace BackupFunctions.Faults.Tests.Support;

internal static class Sentences
{
    /// <summary>The job must fail with this code and one sentence that has these words; an end with a remedy, no trace.</summary>
    public static async Task<string> ShouldFailAsync(this Task job, string code, params string[] words)
    {
        var failure = await Should.ThrowAsync<PgdrException>(() => job);
        failure.Code.ShouldBe(code, failure.Message);
        failure.Message.ShouldSay(words);
        return failure.Message;
    }

    public static void ShouldSay(this string? sentence, params string[] words)
    {
        sentence.ShouldNotBeNull();
        sentence.ShouldNotContain('\n');
        sentence.ShouldNotContain("   at ");
        foreach (var word in words)
        {
            sentence.ShouldContain(word);
        }
    }
}
