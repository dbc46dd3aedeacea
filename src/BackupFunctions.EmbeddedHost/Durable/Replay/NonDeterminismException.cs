namespace BackupFunctions.EmbeddedHost.Durable.Replay;

/// <summary>A replay asked for something else than the history has.</summary>
internal sealed class NonDeterminismException : Exception
{
    private const string Question = "Was a change made to the orchestrator code after this instance had already started running?";

    private NonDeterminismException(int actionId, string message)
        : base(message) => ActionId = actionId;

    /// <summary>The action of the history that the replay did not ask for.</summary>
    public int ActionId { get; }

    public static NonDeterminismException Missing(string recorded, int id) => new(
        id,
        $"Non-Deterministic workflow detected: A previous execution of this orchestration scheduled {recorded} with sequence ID {id}, " +
        $"but the current replay execution hasn't (yet?) scheduled this task. {Question}");

    public static NonDeterminismException Different(string recorded, int id, string produced) => new(
        id,
        $"Non-Deterministic workflow detected: A previous execution of this orchestration scheduled {recorded} with sequence ID {id}, " +
        $"but the current orchestration replay instead produced {produced} with this sequence number. {Question}");
}
