using BackupFunctions.Retention.Policies;

namespace BackupFunctions.Retention.Tests.Simulation;

/// <summary>One run of retention and what it did.</summary>
internal sealed record Run(World Before, World After, Sight Sight, RetentionPolicy Policy, RetentionPlan Plan);
