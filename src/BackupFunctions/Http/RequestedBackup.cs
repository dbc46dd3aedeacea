using BackupFunctions.Contracts.ManualBackups;
using BackupFunctions.Settings;
using Microsoft.AspNetCore.Mvc;

namespace BackupFunctions.Http;

/// <summary>What a start of a backup asks for, and whether that can be.</summary>
internal sealed class RequestedBackup(StartBackupBody body, BackupSettings settings)
{
    private static readonly TimeSpan Furthest = TimeSpan.FromDays(365);

    private static readonly Dictionary<string, ManualBackupKind> Kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["full"] = ManualBackupKind.Full,
        ["base"] = ManualBackupKind.Base,
        ["incremental"] = ManualBackupKind.Incremental,
        ["tenant"] = ManualBackupKind.Tenant,
        ["archive"] = ManualBackupKind.Archive,
        ["configuration"] = ManualBackupKind.Configuration,
    };

    private ManualBackupKind? Kind => body.Kind is null ? ManualBackupKind.Full : Kinds.TryGetValue(body.Kind, out var kind) ? kind : null;

    /// <returns>Why it cannot be; null when it can.</returns>
    public IActionResult? Refusal(DateTimeOffset now) => Kind is { } kind
        ? SubjectRefusal(kind) ?? TenantsRefusal(kind == ManualBackupKind.Tenant) ?? TimeRefusal(now) ?? HookRefusal()
        : Problems.BadRequest("kind/unknown", $"'kind' must be one of {string.Join(", ", Kinds.Keys)}; '{body.Kind}' is not known.");

    /// <summary>Of a body that is not refused.</summary>
    public ManualBackupRequest Request(string requestedBy) => new()
    {
        Kind = Kind!.Value,
        Database = body.Database,
        Server = body.Server,
        Tenants = body.Tenants is { } tenants ? [.. tenants.OfType<string>()] : null,
        At = body.At is { } at ? OffsetTime.Parse(at) : null,
        Hook = body.Notify ?? (settings.NotifyHooks.ContainsKey(NotifyHooksReader.Default) ? NotifyHooksReader.Default : null),
        RequestedBy = requestedBy,
    };

    private IActionResult? SubjectRefusal(ManualBackupKind kind) => kind switch
    {
        ManualBackupKind.Full or ManualBackupKind.Tenant => body.Server is null
            ? DatabaseRefusal()
            : Problems.BadRequest("server/unexpected", $"A backup of kind {Name(kind)} is of a database: give 'database' in place of 'server'."),
        ManualBackupKind.Archive when body.Database is not null && body.Server is not null =>
            Problems.BadRequest("subject/ambiguous", "Give 'server' for an archive of its files with their log, or 'database' for one of a dump, not both."),
        ManualBackupKind.Archive when body.Server is null => DatabaseRefusal(),
        ManualBackupKind.Archive => ServerRefusal(),
        _ => body.Database is null
            ? ServerRefusal()
            : Problems.BadRequest("database/unexpected", $"A backup of kind {Name(kind)} is of a whole server: give 'server' in place of 'database'."),
    };

    private IActionResult? DatabaseRefusal() => settings.Databases.Any(database => database.Name == body.Database)
        ? null
        : Problems.BadRequest("database/unknown", $"'database' must be one of the configured databases; '{body.Database}' is not.");

    private IActionResult? ServerRefusal() => settings.Servers.Any(server => server.Name == body.Server)
        ? null
        : Problems.BadRequest("server/unknown", $"'server' must be one of the configured servers; '{body.Server}' is not.");

    private IActionResult? TenantsRefusal(bool isTenants)
    {
        if (!isTenants)
        {
            return body.Tenants is null && body.AllTenants is null
                ? null
                : Problems.BadRequest("tenants/unexpected", "'tenants' and 'allTenants' go with kind tenant only: leave them out, or ask for that kind.");
        }

        var tenants = settings.Databases.First(database => database.Name == body.Database).Tenants;
        return tenants is null
            ? Problems.BadRequest("tenants/unknown", $"How the tenants of '{body.Database}' are told apart is not in the settings: set Tenants of that database.")
            : body.AllTenants == true
            ? body.Tenants is not null
                ? Problems.BadRequest("tenants", "Give 'tenants' or 'allTenants', not both.")
                : tenants.CanList ? null : Problems.BadRequest("tenants/unknown", $"All tenants of '{body.Database}' cannot be listed: set Root or List of its Tenants, or name tenants.")
            : body.Tenants is not { Count: > 0 } || body.Tenants.Any(string.IsNullOrWhiteSpace)
                ? Problems.BadRequest("tenants", "Kind tenant needs 'tenants', a list of names, or 'allTenants': true.")
                : null;
    }

    private IActionResult? TimeRefusal(DateTimeOffset now) =>
        body.At is not { } text ? null
        : OffsetTime.Parse(text) is not { } at ? Problems.BadRequest("at/invalid", "'at' must be a time with its offset from UTC, which looks like 2026-11-21T14:05:00Z.")
        : at <= now ? Problems.BadRequest("at/past", $"'at' lies in the past: it is {now:yyyy-MM-dd HH:mm:ss}Z. Leave it out for a backup at once.")
        : at - now > Furthest ? Problems.BadRequest("at/too-far", $"'at' lies more than {Furthest.TotalDays:0} days ahead: ask for the backup later, or use a schedule of the settings.")
        : null;

    private IActionResult? HookRefusal() => body.Notify is not { } name || settings.NotifyHooks.ContainsKey(name)
        ? null
        : Problems.BadRequest("notify/unknown", "'notify' must be the name of a hook of the settings (NotifyHooks__NAME, or 'default' for BACKUP_NOTIFY_URL); addresses are not taken.");

    private static string Name(ManualBackupKind kind) => Kinds.First(one => one.Value == kind).Key;
}
