using System.Text.Json;
using BackupFunctions.Contracts;

namespace BackupFunctions.Settings.Tests;

public sealed class SecretSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("secret", "secret")]
    [InlineData("secret\n", "secret")]
    [InlineData("secret\r\n", "secret")]
    [InlineData(" se cret \n", " se cret ")]
    [InlineData("", "")]
    public void Read_File_IsItsTextWithoutTheFinalNewline(string text, string expected)
    {
        File.WriteAllText(_folder["secret"], text);

        SecretSource.FromFile(_folder["secret"]).Read().ShouldBe(expected);
    }

    [Fact]
    public void Read_FileMissing_SaysWhichFile()
    {
        var failure = Should.Throw<PgdrException>(() => SecretSource.FromFile(_folder["none"]).Read());

        failure.Code.ShouldBe(ErrorCodes.KeyMissing);
        failure.Message.ShouldContain(_folder["none"]);
    }

    [Fact]
    public void Read_PathIsAFolder_SaysSo() =>
        Should.Throw<PgdrException>(() => SecretSource.FromFile(_folder.Path).Read()).Code.ShouldBe(ErrorCodes.KeyMissing);

    [Fact]
    public void Read_Setting_IsTheValueAsItIs() => SecretSource.FromSetting("R2_SECRET_KEY", "value\n").Read().ShouldBe("value\n");

    [Fact]
    public void Printing_AnyWay_ShowsThePlaceOnly()
    {
        var source = SecretSource.FromSetting("R2_SECRET_KEY", "hunter2");

        source.ToString().ShouldBe("R2_SECRET_KEY");
        JsonSerializer.Serialize(source).ShouldNotContain("hunter2");
        SecretSource.FromFile("/etc/keys/signing.private.pem").ToString().ShouldBe("signing.private.pem");
    }
}
