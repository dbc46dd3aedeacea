using System.Text.Json;
using BackupFunctions.Catalog;
using BackupFunctions.Http;
using BackupFunctions.Listing;
using BackupFunctions.Settings;
using BackupFunctions.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace BackupFunctions.Tests.Http;

public sealed class BackupListTests : IDisposable
{
    private const string UnreadableHeader = "X-Storage-Unreadable";

    private readonly StoredBackups _stored = new();
    private readonly DefaultHttpContext _context = new();
    private readonly CatalogAccess _catalog = new(SettingsReader.Read(new ConfigurationBuilder().Build()), TimeProvider.System, NullLogger<CatalogAccess>.Instance);

    [Fact]
    public async Task List_TargetsReadable_GivesBackupsNewestFirst()
    {
        _stored.Put("20261120T020000123Z-9f3c01ab");
        _stored.Put("20261121T020000123Z-9f3c01ab");

        var backups = Json(await ListAsync());

        backups.EnumerateArray().Select(backup => backup.GetProperty("backup_id").GetString())
            .ShouldBe(["20261121T020000123Z-9f3c01ab", "20261120T020000123Z-9f3c01ab"]);
        _context.Response.Headers.ContainsKey(UnreadableHeader).ShouldBeFalse();
    }

    [Fact]
    public async Task List_NothingStored_IsEmpty() => Json(await ListAsync()).GetArrayLength().ShouldBe(0);

    [Fact]
    public async Task List_OneTargetAway_ListsTheRestAndNamesIt()
    {
        _stored.Put(JobResults.BackupId);
        _stored.TakeAway("far");

        Json(await ListAsync()).GetArrayLength().ShouldBe(1);

        _context.Response.Headers[UnreadableHeader].ToString().ShouldBe("far");
    }

    [Fact]
    public async Task List_NothingKnownAndTargetsAway_IsUnavailable()
    {
        _stored.TakeAway("near");
        _stored.TakeAway("far");

        Problem(await ListAsync(), 503).Type.ShouldBe("urn:backupfunctions:storage/unreadable");
        _context.Response.Headers[UnreadableHeader].ToString().ShouldBe("far, near");
    }

    [Fact]
    public async Task Get_Stored_GivesIt()
    {
        _stored.Put(JobResults.BackupId);
        _stored.TakeAway("far");

        Json(await GetAsync()).GetProperty("database").GetString().ShouldBe("shop");
    }

    [Fact]
    public async Task Get_NotStored_IsNotFound() => Problem(await GetAsync(), 404).Type.ShouldBe("urn:backupfunctions:backup/unknown");

    [Fact]
    public async Task Get_NotKnownAndTargetAway_IsUnavailableNotAbsent()
    {
        _stored.TakeAway("far");

        Problem(await GetAsync(), 503).Detail!.ShouldContain("far");
    }

    public void Dispose() => _stored.Dispose();

    private Task<IActionResult> ListAsync() => new ListBackups(new Lazy<StorageCatalog>(_stored.Catalog), _catalog).Run(_context.Request, CancellationToken.None);

    private Task<IActionResult> GetAsync() => new GetBackup(new Lazy<StorageCatalog>(_stored.Catalog), _catalog).Run(_context.Request, JobResults.BackupId, CancellationToken.None);

    private static JsonElement Json(IActionResult result) => JsonSerializer.Deserialize<JsonElement>(result.ShouldBeOfType<ContentResult>().Content!);

    private static ProblemDetails Problem(IActionResult result, int status)
    {
        var answer = result.ShouldBeOfType<ObjectResult>();
        answer.StatusCode.ShouldBe(status);
        return (ProblemDetails)answer.Value!;
    }
}
