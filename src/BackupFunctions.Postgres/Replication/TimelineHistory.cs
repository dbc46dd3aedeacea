using System.Globalization;
using System.Text;
using BackupFunctions.Contracts;

namespace BackupFunctions.Postgres.Replication;

/// <summary>A timeline's history file.</summary>
/// <param name="Timeline">From 2: the first has none.</param>
/// <param name="Content">The file's bytes.</param>
/// <param name="Ancestors">Oldest first.</param>
public sealed record TimelineHistory(int Timeline, byte[] Content, IReadOnlyList<TimelineSwitch> Ancestors)
{
    /// <summary>Lines of "timeline, tab, position, tab, reason"; empty ones and those that begin with # do not count (timeline.c, readTimeLineHistory).</summary>
    /// <exception cref="PgdrException">object.damaged: it is no history of this timeline.</exception>
    public static TimelineHistory Parse(int timeline, byte[] content)
    {
        var ancestors = new List<TimelineSwitch>();
        foreach (var line in Encoding.UTF8.GetString(content).Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#'))
        {
            var parts = line.Split((char[]?)null, 3, StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length < 2
                || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ancestor)
                || ancestor >= timeline
                || (ancestors.Count > 0 && ancestor <= ancestors[^1].Timeline)
                || !LogPosition.TryParse(parts[1], out var end))
            {
                throw new PgdrException(ErrorCodes.ObjectDamaged, $"The history of timeline {timeline} cannot be read: take it from another copy.");
            }

            ancestors.Add(new TimelineSwitch(ancestor, end));
        }

        return new TimelineHistory(timeline, content, ancestors);
    }
}
