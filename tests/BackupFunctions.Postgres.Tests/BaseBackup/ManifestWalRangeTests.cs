using System.Text;
using BackupFunctions.Contracts;
using BackupFunctions.Postgres.BaseBackup;

namespace BackupFunctions.Postgres.Tests.BaseBackup;

public sealed class ManifestWalRangeTests
{
    private const string Two = """
        Checksum": "43872087" }
        ],
        "WAL-Ranges": [
        { "Timeline": 4, "Start-LSN": "0/7000000", "End-LSN": "0/8000000" },
        { "Timeline": 3, "Start-LSN": "0/6000028", "End-LSN": "0/7000000" }
        ],
        "Manifest-Checksum": "afb6"}
        """;

    [Fact]
    public void Parse_TheEndOfAManifest_IsTheLastPosition() => Parse(Two).ShouldBe(new ManifestWalRange(4, 0x8000000));

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("\"WAL-Ranges\": []}")]
    [InlineData("\"WAL-Ranges\": {}}")]
    [InlineData("\"WAL-Ranges\": [{ \"Timeline\": 1 }]}")]
    [InlineData("\"WAL-Ranges\": [{ \"Timeline\": \"1\", \"End-LSN\": \"0/1\" }]}")]
    [InlineData("\"WAL-Ranges\": [{ \"Timeline\": 1, \"End-LSN\": \"x\" }]}")]
    [InlineData("\"WAL-Ranges\": [{ \"Timeline\": 1, \"End-LSN\": \"0/1\" ")]
    public void Parse_WhatIsNone_IsRefused(string text) => Should.Throw<PgdrException>(() => Parse(text)).Code.ShouldBe(ErrorCodes.FormatUnknown);

    [Theory]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(64)]
    public async Task Tail_WhateverTheSizeOfReads_IsTheEndOfTheStream(int block)
    {
        var bytes = Encoding.ASCII.GetBytes("0123456789abcdefghijklmnopqrstuvwxyz");
        await using var tail = new TailStream(new MemoryStream(bytes), 10);
        var buffer = new byte[block];

        while (await tail.ReadAsync(buffer) > 0)
        {
        }

        Encoding.ASCII.GetString(tail.Tail).ShouldBe("qrstuvwxyz");
    }

    private static ManifestWalRange Parse(string tail) => ManifestWalRange.Parse(Encoding.UTF8.GetBytes(tail));
}
