namespace BackupFunctions.Jobs.Recovery;

/// <summary>How far the files of a server have come that is recovered to a point.</summary>
internal enum ServerStage
{
    /// <summary>Nothing, or a restore that was interrupted and goes on.</summary>
    Absent,

    /// <summary>The base backup is whole; nothing has run on it.</summary>
    Restored,

    /// <summary>A server has begun to replay. One that was interrupted is not trusted.</summary>
    Recovering,

    /// <summary>The point was reached and proven, and the server goes on from it.</summary>
    Promoted,
}
