namespace BackupFunctions.EmbeddedHost.Timers;

/// <summary>Makes one host of several the listener of a timer.</summary>
internal interface IListenerLocks
{
    /// <returns>False while another host holds it.</returns>
    Task<bool> TryAcquireAsync(string function, CancellationToken cancellationToken);

    /// <summary>Whether a lock acquired before is still this host's.</summary>
    Task<bool> IsHeldAsync(string function, CancellationToken cancellationToken);
}
