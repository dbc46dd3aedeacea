using BackupFunctions.Retention.Policies;
using FsCheck;
using FsCheck.Fluent;

namespace BackupFunctions.Retention.Tests.Properties;

/// <summary>Random histories that are the same in every run of the tests, and the policies they live under.</summary>
internal static class Histories
{
    /// <summary>Shorter limits than the defaults: more happens in one history.</summary>
    public static IReadOnlyDictionary<PolicyKind, RetentionPolicy> Policies { get; } = new Dictionary<PolicyKind, RetentionPolicy>
    {
        [PolicyKind.Age] = new() { Kind = PolicyKind.Age, DaysByTarget = new Dictionary<string, int>(StringComparer.Ordinal) { ["local"] = 15 }, Days = 60, RecoveryWindow = TimeSpan.FromDays(20) },
        [PolicyKind.Gfs] = new() { Kind = PolicyKind.Gfs, Daily = 7, Weekly = 4, Monthly = 3 },
        [PolicyKind.Flat] = new() { Kind = PolicyKind.Flat, Days = 25, Grace = TimeSpan.FromDays(5), RecoveryWindow = TimeSpan.FromDays(10) },
    };

    public static void Check(int histories, int longest, Action<int[]> property) => Prop
        .ForAll(Arb.From(Steps(longest), Shrink), steps => property(steps))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(histories).WithReplay(new Replay(new Rnd(4711, 17), null)));

    private static Gen<int[]> Steps(int longest) => Gen.Choose(10, longest).SelectMany(count => Gen.ArrayOf(Gen.Choose(0, int.MaxValue - 1), count));

    /// <summary>Leaves out halves, quarters and so on: days that did not matter.</summary>
    private static IEnumerable<int[]> Shrink(int[] steps)
    {
        for (var part = steps.Length / 2; part > 0; part /= 2)
        {
            for (var from = 0; from < steps.Length; from += part)
            {
                yield return [.. steps.Take(from), .. steps.Skip(from + part)];
            }
        }
    }
}
