using System.Globalization;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Storage;

namespace BackupFunctions.Jobs.Verify;

/// <summary>One target's copy of a backup as it was found.</summary>
/// <param name="Target">Where it lies.</param>
/// <param name="Objects">Data, then signature and manifest.</param>
internal sealed record CopyState(IStorageTarget Target, IReadOnlyList<ObjectState> Objects)
{
    public CopyCondition Condition => Worst switch
    {
        ObjectCondition.Good => CopyCondition.Good,
        ObjectCondition.Unknown => CopyCondition.Unreachable,
        ObjectCondition.Absent => CopyCondition.Missing,
        _ => CopyCondition.Damaged,
    };

    public bool IsBad => Condition is CopyCondition.Missing or CopyCondition.Damaged;

    /// <summary>One sentence; empty when all is well.</summary>
    public string Detail
    {
        get
        {
            if (Worst == ObjectCondition.Absent && Objects.All(item => item.Condition == ObjectCondition.Absent))
            {
                return $"Target '{Target.Name}' holds nothing of this backup.";
            }

            var worst = Objects.Where(item => item.Condition == Worst).ToList();
            return Worst == ObjectCondition.Unknown || worst.Count == 1
                ? worst[0].Detail!
                : string.Create(CultureInfo.InvariantCulture, $"{worst[0].Detail} The same with {worst.Count - 1} more of its objects.");
        }
    }

    private ObjectCondition Worst => Objects.Max(item => item.Condition);

    public ObjectCondition ConditionOf(string key) => Objects.First(item => string.Equals(item.Key, key, StringComparison.Ordinal)).Condition;
}
