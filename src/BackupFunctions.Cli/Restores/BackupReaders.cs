using BackupFunctions.Archive.Keys;
using BackupFunctions.Catalog.Sources;
using BackupFunctions.Jobs;
using BackupFunctions.Jobs.Restore;

namespace BackupFunctions.Cli.Restores;

/// <summary>Storage and keys by the settings, or by a recovery file when one is given.</summary>
internal static class BackupReaders
{
    public static BackupReader Open(JobEnvironment environment, string? recoveryFile)
    {
        if (recoveryFile is null)
        {
            return BackupReader.FromSettings(environment);
        }

        var file = RecoveryFile.Read(recoveryFile);
        return new BackupReader(
            environment.Settings.ClusterName,
            StorageTargets.Create(environment.Settings, environment.Loggers),
            file.OpenVerificationKeys(),
            file.OpenPrivateKeys(environment.Settings.Keys.PrivateKeyPassphrase?.Read()));
    }
}
