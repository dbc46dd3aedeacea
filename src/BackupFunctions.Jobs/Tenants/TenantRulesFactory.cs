using BackupFunctions.Postgres.Tenants;
using BackupFunctions.Settings;

namespace BackupFunctions.Jobs.Tenants;

internal static class TenantRulesFactory
{
    public static TenantRules Of(TenantSettings settings) => new()
    {
        Column = settings.Column,
        Columns = [.. settings.Columns.Select(Column)],
        Root = settings.Root is { } root ? Column(root) : null,
        Shared = settings.Shared,
        SharedRows = settings.SharedRows,
        Schemas = settings.Schemas,
        ContextSetting = settings.ContextSetting,
        ContextCall = settings.ContextCall,
        List = settings.List,
    };

    private static TenantColumn Column(TenantColumnSetting setting) => new(setting.Schema, setting.Table, setting.Column);
}
