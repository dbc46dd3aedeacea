using BackupFunctions.Contracts;
using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Settings;

namespace BackupFunctions.Jobs.Restore;

/// <summary>What a restore under another name, or of some tables, must not be.</summary>
internal static class RestoreIntoCheck
{
    /// <exception cref="PgdrException">settings.invalid: it would take the place of a database that somebody uses.</exception>
    public static void CheckName(BackupSettings settings, SelectBackupParameters parameters)
    {
        var itself = parameters.Into is null || string.Equals(parameters.Into, parameters.Database, StringComparison.Ordinal);
        if (itself && parameters.Selection is not null)
        {
            throw new PgdrException(
                ErrorCodes.InvalidSettings, $"Some tables of '{parameters.Database}' never take the place of the whole: give them a database of their own with --to NAME.");
        }

        if (!itself && settings.Databases.Any(known => string.Equals(known.Name, parameters.Into, StringComparison.Ordinal)))
        {
            throw new PgdrException(
                ErrorCodes.InvalidSettings, $"'{parameters.Into}' is a database of the settings and would be replaced by '{parameters.Database}': choose a new name.");
        }
    }

    /// <exception cref="PgdrException">settings.invalid: tables are chosen of a backup that is itself a choice of rows.</exception>
    public static void CheckKind(SelectBackupParameters parameters, Manifest manifest)
    {
        if (parameters.Selection is not null && manifest.Tenant is not null)
        {
            throw new PgdrException(
                ErrorCodes.InvalidSettings, $"Backup {manifest.BackupId} is of one tenant, of which no tables can be chosen: restore all of it, or choose a backup of the database.");
        }
    }
}
