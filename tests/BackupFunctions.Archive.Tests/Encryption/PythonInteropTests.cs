using System.Globalization;
using BackupFunctions.Archive.Encryption;
using BackupFunctions.Archive.Tests.Support;
using BackupFunctions.TestSupport;

namespace BackupFunctions.Archive.Tests.Encryption;

/// <summary>Tink publishes no vector with segments of 1 MiB: a second implementation of its description stands in.</summary>
public sealed class PythonInteropTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _keyBytes = Bytes.Random(32, seed: 99);
    private readonly DataKey _key;

    public PythonInteropTests() => _key = DataKey.FromBytes(_keyBytes);

    public static TheoryData<int, int> Lengths => new()
    {
        { 1 << 20, 0 },
        { 1 << 20, 1 },
        { 1 << 20, 1_048_520 },
        { 1 << 20, 1_048_521 },
        { 1 << 20, 1_048_520 + 1_048_560 },
        { 1 << 20, 3_500_000 },
        { 64, 8 + (48 * 300) },
        { 64, 8 + (48 * 300) + 1 },
    };

    public void Dispose()
    {
        _key.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public async Task Python_ReadsWhatTheLibraryWrote_AndTheOtherWayRound(int segmentSize, int length)
    {
        var parameters = StreamingParameters.Aes256GcmHkdf1Mb with { SegmentSize = segmentSize };
        var plain = Bytes.Random(length, seed: length);

        var ours = await SegmentedObjects.SealAsync(parameters, plain, _key, ArchiveObjects.Aad, chunk: 300_000);
        (await PythonAsync("decrypt", ours, segmentSize)).ShouldEqual(plain);
        var theirs = await PythonAsync("encrypt", plain, segmentSize);
        theirs.Length.ShouldBe(ours.Length);
        (await SegmentedObjects.OpenAsync(parameters, theirs, _key, ArchiveObjects.Aad)).ShouldEqual(plain);
    }

    private async Task<byte[]> PythonAsync(string action, byte[] input, int segmentSize)
    {
        await File.WriteAllBytesAsync(_folder["input"], input);
        var (exitCode, output) = await ForeignTools.RunAsync(
            _folder.Path,
            new Dictionary<string, string>(StringComparer.Ordinal),
            ForeignTools.Python,
            Path.Combine(AppContext.BaseDirectory, "Encryption", "tink.py"),
            action,
            Convert.ToHexString(_keyBytes),
            ArchiveObjects.Aad,
            _folder["input"],
            _folder["output"],
            segmentSize.ToString(CultureInfo.InvariantCulture));
        exitCode.ShouldBe(0, output);
        return await File.ReadAllBytesAsync(_folder["output"]);
    }
}
