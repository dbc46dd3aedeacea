namespace BackupFunctions.Postgres.Restore;

/// <summary>What a restore did about roles.</summary>
/// <param name="Names">Roles that the server lacked.</param>
/// <param name="Warnings">A sentence for each membership that this server's version cannot express.</param>
public sealed record RolesCreated(IReadOnlyList<string> Names, IReadOnlyList<string> Warnings);
