using BackupFunctions.Postgres.Dump;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Postgres.Tests.Dump;

internal static class Dumps
{
    public static DumpRequest Request(this ServerFixture fixture, string database, string workFolder) => new()
    {
        ServerConnection = fixture.Connection, Database = database, PgTools = fixture.Tools, WorkFolder = workFolder,
    };

    /// <summary>Dumps into <c>archive</c> below the folder.</summary>
    public static async Task<DumpOutcome> DumpAsync(this ServerFixture fixture, string database, TemporaryFolder folder)
    {
        var archive = Directory.CreateDirectory(folder["archive"]).FullName;
        return await DatabaseDump.RunAsync(
            fixture.Request(database, folder["work"]), new FolderSink(archive).Open, null, CancellationToken.None);
    }
}
