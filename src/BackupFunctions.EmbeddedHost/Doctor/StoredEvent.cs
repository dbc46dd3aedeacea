using BackupFunctions.EmbeddedHost.Durable.History;

namespace BackupFunctions.EmbeddedHost.Doctor;

/// <summary>An event that its instance has not seen.</summary>
/// <param name="Event">What happened.</param>
/// <param name="VisibleAt">UTC; the beginning of time for what is due at once.</param>
/// <param name="IsHeld">Waits for the instance to be resumed.</param>
internal sealed record StoredEvent(HistoryEvent Event, DateTime VisibleAt, bool IsHeld)
{
    /// <summary>UTC.</summary>
    public DateTime DueSince => VisibleAt > DateTime.MinValue ? VisibleAt : Event.Timestamp;

    public bool IsDue(DateTime now) => !IsHeld && VisibleAt <= now;
}
