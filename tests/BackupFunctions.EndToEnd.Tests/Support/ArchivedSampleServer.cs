namespace BackupFunctions.EndToEnd.Tests.Support;

/// <summary>The sample database with a base backup of its server, and log that goes on behind the dump and has an accident in it.</summary>
public sealed class ArchivedSampleServer : SampleServer
{
    /// <summary>Just before the accident, by the server's clock.</summary>
    public DateTimeOffset Before { get; private set; }

    /// <summary>What <see cref="SampleServer.ContentsAsync"/> saw then.</summary>
    public string ContentsBefore { get; private set; } = null!;

    /// <summary>What it saw at the end of the log.</summary>
    public string ContentsOfTheEnd { get; private set; } = null!;

    public string BaseId { get; private set; } = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        var settings = Settings();
        settings["RUN_STORE_PATH"] = Path.Combine(Folder, "cli-runs");
        settings["WORK_PATH"] = Path.Combine(Folder, "cli-work");
        await Pgdr.RunCheckedAsync(settings, "wal", "receive", "main");
        var backup = System.Text.Json.Nodes.JsonNode.Parse(await Pgdr.RunCheckedAsync(settings, "backup", "run", "main", "--kind", "base", "--json"))!;
        BaseId = backup["backup_id"]!.GetValue<string>();
        await Server.ExecuteAsync("create table orders_of_today(i int primary key, v text); insert into orders_of_today select i, md5(i::text) from generate_series(1, 1000) i", Database);
        ContentsBefore = await ContentsAsync(Server);
        Before = new DateTimeOffset(await Server.ScalarAsync<DateTime>("select clock_timestamp()"));
        await Server.ExecuteAsync("delete from orders_of_today where i > 10", Database);
        await Server.ExecuteAsync("insert into orders_of_today values (5000, 'after the accident')", Database);
        ContentsOfTheEnd = await ContentsAsync(Server);
        await Pgdr.RunCheckedAsync(settings, "wal", "receive", "main");
    }

    public override Dictionary<string, string> Settings()
    {
        var settings = base.Settings();
        settings["WAL_SLOT_UNLIMITED"] = "true";
        return settings;
    }
}
