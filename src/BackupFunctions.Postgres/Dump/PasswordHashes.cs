namespace BackupFunctions.Postgres.Dump;

internal static class PasswordHashes
{
    public const string Unreadable =
        "Password hashes of roles are not in the backup: pg_authid is readable for superusers only; roles created from it need new passwords.";
}
