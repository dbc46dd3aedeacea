using BackupFunctions.Settings.Tests.Support;

namespace BackupFunctions.Settings.Tests;

public sealed class ServerSettingsReaderTests
{
    private static readonly (string Name, string? Value) Main = ("Servers__main__Host", "db1");
    private static readonly (string Name, string? Value) Spare = ("Servers__spare__Host", "db2");

    [Fact]
    public void Read_HostOnly_HasDefaults()
    {
        var server = Given.Settings(Main).Servers.ShouldHaveSingleItem();

        server.Name.ShouldBe("main");
        server.Host.ShouldBe("db1");
        server.Port.ShouldBe(5432);
        server.Username.ShouldBe("postgres");
        server.Password.ShouldBeNull();
        server.SslMode.ShouldBeNull();
        server.RootCertificate.ShouldBeNull();
    }

    [Fact]
    public void Read_EverySetting_IsTaken()
    {
        var server = Given.Settings(
            Main, ("Servers__main__Port", "6432"), ("Servers__main__Username", "backup"), ("Servers__main__Password", "hunter2"),
            ("Servers__main__SslMode", "Verify-Full"), ("Servers__main__RootCertificate", "/etc/root.crt")).Servers[0];

        server.Port.ShouldBe(6432);
        server.Username.ShouldBe("backup");
        server.Password!.Read().ShouldBe("hunter2");
        server.SslMode.ShouldBe("verify-full");
        server.RootCertificate.ShouldBe("/etc/root.crt");
    }

    [Fact]
    public void Read_PasswordFile_WinsOverThePassword()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["main.password"], "from the file\n");

        var server = Given.Settings(Main, ("Servers__main__Password", "direct"), ("Servers__main__PasswordFile", folder["main.password"])).Servers[0];

        server.Password!.Read().ShouldBe("from the file");
    }

    [Theory]
    [InlineData("Port", "0")]
    [InlineData("Port", "65536")]
    [InlineData("SslMode", "on")]
    [InlineData("Host", "")]
    public void Read_UnusableValue_NamesTheWholeSetting(string name, string value) =>
        Given.Refused(Main, ($"Servers__main__{name}", value), ("Servers__main__Username", "x")).ShouldContain($"Setting Servers:main:{name} ");

    [Fact]
    public void ToString_Server_ShowsNoPasswordAndNoUser()
    {
        var server = Given.Settings(Main, ("Servers__main__Password", "hunter2")).Servers[0];

        server.ToString().ShouldContain("main = db1:5432");
        server.ToString().ShouldNotContain("hunter2");
    }

    [Fact]
    public void Databases_InSections_NameTheirServer() =>
        Given.Settings(
                Main, Spare, ("Databases__0__Name", "shop"), ("Databases__0__Server", "spare"), ("Databases__1__Name", "Blog ä"))
            .Databases.ShouldBe([new DatabaseSettings("shop", "spare"), new DatabaseSettings("Blog ä", "main")]);

    [Fact]
    public void Databases_AsAList_AreOnTheFirstServer() =>
        Given.Settings(Main, Spare, ("BACKUP_DATABASES", "shop; blog;")).Databases
            .ShouldBe([new DatabaseSettings("shop", "main"), new DatabaseSettings("blog", "main")]);

    [Fact]
    public void Databases_UnknownServer_IsRefused()
    {
        var sentence = Given.Refused(Main, ("Databases__0__Name", "shop"), ("Databases__0__Server", "elsewhere"));

        sentence.ShouldContain("'shop'");
        sentence.ShouldContain("'elsewhere'");
    }

    [Fact]
    public void Databases_NoServerAtAll_IsRefused() => Given.Refused(("BACKUP_DATABASES", "shop")).ShouldContain("Servers__main__Host");

    [Fact]
    public void Databases_WithoutName_IsRefused() => Given.Refused(Main, ("Databases__0__Server", "main")).ShouldContain("Databases:0:Name");

    [Fact]
    public void Databases_NamedTwice_IsRefused() =>
        Given.Refused(Main, ("Databases__0__Name", "shop"), ("BACKUP_DATABASES", "shop")).ShouldContain("twice");
}
