namespace BackupFunctions.Postgres.Recovery;

/// <summary>
/// When a standby has used up its log: it asks for the same segment again and again, and what it has replayed stays where it is. It asks a
/// second time only after it has read all that the first answer held.
/// </summary>
internal sealed class EndOfReplay
{
    private const int EnoughAsks = 3;

    /// <summary>About ten seconds of asking by a server that takes no connection: it has too little log to become consistent.</summary>
    private const int AsksWithoutConnection = 100;

    /// <summary>On a machine under load a connection may fail for other reasons, too.</summary>
    private const int LooksWithoutConnection = 20;

    private ulong _replayed;
    private int _refused;
    private (string? Segment, int Asks) _since;

    /// <param name="replayed">Null: the server takes no connections.</param>
    /// <param name="state">As it was before the server was looked at.</param>
    public bool IsReached(ulong? replayed, RestoreCommandState state)
    {
        if (replayed is null)
        {
            return ++_refused >= LooksWithoutConnection && state.Asks >= AsksWithoutConnection;
        }

        _refused = 0;

        if (replayed != _replayed || !string.Equals(state.Segment, _since.Segment, StringComparison.Ordinal))
        {
            (_replayed, _since) = (replayed.Value, (state.Segment, state.Asks));
            return false;
        }

        return state.Asks >= _since.Asks + EnoughAsks;
    }
}
