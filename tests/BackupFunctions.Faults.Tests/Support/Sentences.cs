using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Backups;
using BackupFunctions.Contracts.Jobs;

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

    /// <summary>VERIFIED with all copies but this one, whose cause has these words.</summary>
    public static void ShouldLackOnly(this FullBackupResult backup, string target, params string[] words)
    {
        backup.Status.ShouldBe(BackupStatus.Verified, backup.StatusReason);
        backup.Copies.Where(copy => !copy.Verified).Select(copy => copy.Target).ShouldBe([target]);
        var missing = backup.Copies.Single(copy => copy.Target == target);
        missing.Written.ShouldBeFalse();
        missing.Error.ShouldSay(words);
    }

    public static void ShouldSay(this string? sentence, params string[] words)
    {
        sentence.ShouldNotBeNull();
        sentence.ShouldNotContain('\n');
        sentence.ShouldNotContain("   at ");
        foreach (var word in words)
        {
            sentence.Contains(word, StringComparison.Ordinal).ShouldBeTrue($"'{word}' is not in: {sentence}");
        }
    }
}
