using System.CommandLine;
using System.Text.Json.Nodes;
using BackupFunctions.Cli.HostApi;
using BackupFunctions.Contracts;

namespace BackupFunctions.Cli.Backups;

/// <summary>pgdr backup start: a backup on a running host, at once or at a time. The host checks what is asked for.</summary>
internal static class BackupStartCommand
{
    private const string Full = "full";
    private const string Base = "base";
    private const string Tenant = "tenant";
    private const string Archive = "archive";

    /// <summary>What takes a backup without a host.</summary>
    public const string Otherwise = "pgdr backup run";

    public static Command Create()
    {
        var name = new Argument<string>("database") { Description = "A database of the host's settings; with kinds base, incremental, archive and configuration a server." };
        var kind = new Option<string>("--kind")
        {
            Description = "full: a dump of one database. base: the files of a whole server. incremental: what changed in them. archive: a base backup to be kept for months. tenant: see --tenant. configuration: how a server is set up.",
            DefaultValueFactory = _ => Full,
        };
        kind.AcceptOnlyFromAmong(Full, Base, "incremental", Tenant, Archive, "configuration");
        var archive = new Option<bool>("--archive") { Description = "With kind full or base: to be kept for months." };
        var tenants = new Option<string[]>("--tenant") { Description = "A tenant of the database in place of all of it; may be given several times." };
        var allTenants = new Option<bool>("--all-tenants") { Description = "Every tenant of the database, each with a backup of its own." };
        var at = new Option<string?>("--at") { Description = "When to begin, with the offset from UTC, such as 2026-11-21T14:05:00Z; default: at once." };
        var notify = new Option<string?>("--notify") { Description = "Name of the hook to tell of the end; default: the host's default hook, if it has one." };
        var follow = new Option<bool>("--follow") { Description = "Show it until it has ended; the exit code tells how. Needs the master key." };
        var json = new Option<bool>("--json") { Description = "Print the instance as JSON, with --follow the result." };
        var host = new HostOptions();
        var command = new Command("start", "Start a backup on a running host, now or at a time.") { name, kind, archive, tenants, allTenants, at, notify, follow, json };
        host.AddTo(command);
        command.SetAction((result, cancellationToken) => CommandBoundary.RunAsync(result, async () =>
        {
            var (body, subject) = Body(
                result.GetRequiredValue(name), result.GetRequiredValue(kind), result.GetValue(archive), result.GetValue(tenants) ?? [], result.GetValue(allTenants));
            Add(body, "at", result.GetValue(at));
            Add(body, "notify", result.GetValue(notify));
            using var client = host.Connect(result, Otherwise);
            var answer = await client.CallAsync(HttpMethod.Post, "api/backups", body, cancellationToken);
            var id = answer.Read<JsonObject>()["id"]?.GetValue<string>()
                ?? throw new PgdrException(ErrorCodes.Unexpected, "The answer is not one of this host: check --host or HOST_URL.");
            if (result.GetValue(follow))
            {
                await Console.Error.WriteLineAsync($"Backup of {subject} started as {id}.");
                return await ManualBackupView.FollowAsync(client, id, result.GetValue(json), cancellationToken);
            }

            Console.Out.WriteLine(
                result.GetValue(json) ? new JsonObject { ["id"] = id }.ToJsonString()
                : result.GetValue(at) is { } time ? $"Backup of {subject} waits until {time} as {id}; 'pgdr backup cancel {id}' takes it back."
                : $"Backup of {subject} started as {id}.");
            return ExitCodes.Done;
        }));
        return command;
    }

    /// <returns>What is sent, and its subject for people.</returns>
    private static (JsonObject Body, string Subject) Body(string name, string kind, bool archive, string[] tenants, bool allTenants)
    {
        var ofTenants = kind == Tenant || tenants.Length > 0 || allTenants;
        if (ofTenants && (kind is not (Full or Tenant) || archive))
        {
            throw new PgdrException(ErrorCodes.InvalidSettings, "Tenants are backed up by themselves: leave --kind and --archive out, or the tenants.");
        }

        if (archive && kind is not (Full or Base or Archive))
        {
            throw new PgdrException(ErrorCodes.InvalidSettings, "An archive stands by itself and has data: use --kind base or full with --archive.");
        }

        var subject = ofTenants || kind == Full ? "database" : "server";
        var body = new JsonObject { [subject] = name, ["kind"] = ofTenants ? Tenant : archive ? Archive : kind };
        if (tenants.Length > 0)
        {
            body["tenants"] = new JsonArray([.. tenants.Select(tenant => JsonValue.Create(tenant))]);
        }

        if (allTenants)
        {
            body["allTenants"] = true;
        }

        return (body, $"{subject} {name}");
    }

    private static void Add(JsonObject body, string name, string? value)
    {
        if (value is not null)
        {
            body[name] = value;
        }
    }
}
