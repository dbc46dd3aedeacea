using BackupFunctions.Recovery;

namespace BackupFunctions.Tests.Recovery;

public sealed class RecoveryTicketsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RecoveryTickets _tickets;

    public RecoveryTicketsTests() => _tickets = new RecoveryTickets(_folder["tickets"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Redeem_Issued_IsGoodForOneRecoveryHoweverOftenItAsks()
    {
        var ticket = _tickets.Issue("shop");

        _tickets.Redeem(ticket, "shop", "first").ShouldBeTrue();
        _tickets.Redeem(ticket, "shop", "first").ShouldBeTrue();
        _tickets.Redeem(ticket, "shop", "second").ShouldBeFalse();
    }

    [Fact]
    public void Redeem_OtherDatabase_IsRefusedAndLeavesTheTicketOpen()
    {
        var ticket = _tickets.Issue("shop");

        _tickets.Redeem(ticket, "crm", "first").ShouldBeFalse();
        _tickets.Redeem(ticket, "shop", "first").ShouldBeTrue();
        _tickets.Redeem(ticket, "crm", "first").ShouldBeFalse();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("shop")]
    [InlineData("../tickets/x")]
    [InlineData("00000000000000000000000000000000")]
    public void Redeem_NeverIssued_IsRefused(string? ticket)
    {
        _tickets.Redeem(ticket, "shop", "first").ShouldBeFalse();
        _tickets.Issue("shop");
        _tickets.Redeem(ticket, "shop", "first").ShouldBeFalse();
    }

    [Fact]
    public async Task Redeem_ByManyRecoveriesAtOnce_OneGetsIt()
    {
        var ticket = _tickets.Issue("shop");
        using var start = new Barrier(4);

        var taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(number => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return _tickets.Redeem(ticket, "shop", $"recovery-{number}");
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        taken.Count(won => won).ShouldBe(1);
    }
}
