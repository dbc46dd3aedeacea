namespace BackupFunctions.Contracts.Manifests;

/// <summary>A sequence as the dump sets it.</summary>
/// <param name="QualifiedName">Quoted where PostgreSQL needs it, for example public."Order_id_seq".</param>
/// <param name="LastValue">As in setval.</param>
/// <param name="IsCalled">As in setval.</param>
public sealed record SequenceValue(string QualifiedName, long LastValue, bool IsCalled);
