using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Postgres.Restore;

namespace BackupFunctions.Postgres.Tests.Swap;

internal sealed record SwapSetting(string RestoreId, string Live, ScratchDatabase Scratch, DatabaseProperties Properties);
