using BackupFunctions.Contracts.Jobs;
using BackupFunctions.Contracts.Manifests;
using BackupFunctions.Contracts.Merges;
using BackupFunctions.Settings;
using Microsoft.AspNetCore.Mvc;

namespace BackupFunctions.Http;

/// <summary>What a start of a merge asks for, once it is checked.</summary>
internal static class RequestedMerge
{
    public static MergeRestoreRequest Of(StartMergeBody body) => new()
    {
        Database = body.Database!,
        BackupId = body.BackupId,
        Point = RequestedPoint.Of(body),
        Tables = [.. (body.Tables ?? []).OfType<string>()],
        Tenants = [.. (body.Tenants ?? []).OfType<string>()],
        Policy = Policy(body) ?? MergePolicy.AddMissing,
        NewestColumn = body.NewestColumn,
        Apply = body.Apply == true,
        Undo = body.Undo != false,
        Reason = body.Reason,
    };

    /// <returns>Why it cannot be; null when it may.</returns>
    public static IActionResult? Refusal(StartMergeBody? body, BackupSettings settings, DateTimeOffset now)
    {
        if (body is null)
        {
            return Problems.BadRequest(
                "body", "Send a JSON object {database, backupId?, targetTime?, targetLsn?, latest?, tables?, tenants?, policy?, newestColumn?, apply?, undo?, reason, confirm} of at most 64 KiB.");
        }

        if (string.IsNullOrEmpty(body.Database) || settings.Databases.FirstOrDefault(database => database.Name == body.Database) is not { } database)
        {
            return Problems.BadRequest("database/unknown", $"'database' must be one of the configured databases; '{body.Database}' is not.");
        }

        if (string.IsNullOrWhiteSpace(body.Reason))
        {
            return Problems.BadRequest("reason/missing", "'reason' is required: it stands in the report.");
        }

        if ((body.Apply == true || body.Confirm is not null) && !string.Equals(body.Confirm, body.Database, StringComparison.Ordinal))
        {
            return Problems.BadRequest("confirm/mismatch", "'confirm' must repeat the database's name exactly: its rows are changed.");
        }

        return PolicyProblem(body) ?? RowsProblem(body, database) ?? RequestedPoint.Refusal(body, now);
    }

    private static MergePolicy? Policy(StartMergeBody body) => body.Policy switch
    {
        null or "add-missing" => MergePolicy.AddMissing,
        "overwrite" => MergePolicy.Overwrite,
        "newest" => MergePolicy.Newest,
        _ => null,
    };

    private static IActionResult? PolicyProblem(StartMergeBody body) => Policy(body) switch
    {
        null => Problems.BadRequest("policy/unknown", $"'policy' must be add-missing, overwrite or newest; '{body.Policy}' is not known."),
        MergePolicy.Newest when string.IsNullOrEmpty(body.NewestColumn) =>
            Problems.BadRequest("policy/column", "Policy newest needs 'newestColumn', the column that tells which row is newer."),
        not MergePolicy.Newest when body.NewestColumn is not null =>
            Problems.BadRequest("policy/column", "'newestColumn' goes with policy newest only: leave it out, or ask for that policy."),
        _ => null,
    };

    private static IActionResult? RowsProblem(StartMergeBody body, DatabaseSettings database)
    {
        // An empty list would mean all of them, which its sender hardly means.
        if (body.Tables is { } tables && (tables.Count == 0 || tables.Any(static table => table?.Contains('.', StringComparison.Ordinal) != true)))
        {
            return Problems.BadRequest("tables", "'tables' must be a list of names as schema.table, with * and ?; without it all tables are merged.");
        }

        if (body.Tenants is not { } tenants)
        {
            return null;
        }

        return tenants.Count == 0 || tenants.Any(string.IsNullOrWhiteSpace)
            ? Problems.BadRequest("tenants", "'tenants' must be a list of names; without it the rows of all are merged.")
            : database.Tenants switch
            {
                null => Problems.BadRequest("tenants/unknown", $"How the tenants of '{database.Name}' are told apart is not in the settings: set Tenants of that database."),
                { Mode: TenantMode.Schema } => Problems.BadRequest(
                    "tenants/schema", $"Each tenant of '{database.Name}' has a schema of its own: name its tables in 'tables' as schema.*"),
                _ => null,
            };
    }
}
