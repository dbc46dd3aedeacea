namespace BackupFunctions.Contracts.Jobs;

/// <summary>A run as its runner sees it.</summary>
public sealed record JobStatus(JobState State, JobProgress? Progress, JobResult? Result);
