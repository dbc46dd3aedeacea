namespace BackupFunctions.Contracts.Jobs;

/// <summary>What a job tells about itself while it works. Thread-safe; cheap enough to call for every block of bytes.</summary>
public interface IJobReporter
{
    /// <summary>Begins a phase; the one before has ended.</summary>
    void Phase(string phase, long? bytesTotal = null);

    /// <summary>Bytes of the present phase, as a total.</summary>
    void Bytes(long done);

    /// <summary>Bytes of the present phase, added.</summary>
    void AddBytes(long more);

    /// <summary>One line for people about what is being done.</summary>
    void Detail(string detail);

    /// <summary>The storage target that is read from now.</summary>
    void Target(string name);

    /// <summary>A switch of target, one sentence.</summary>
    void Failover(string sentence);

    /// <summary>A gap in the log needs a base backup behind it; known to whoever watches the job when this returns.</summary>
    void NeedBase(string gapId)
    {
        // Only a run that a workflow follows has somebody to start one.
    }

    /// <summary>Something the reader of the result should know although the job goes on.</summary>
    void Warn(string sentence);
}
