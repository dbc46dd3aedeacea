using BackupFunctions.Contracts;
using BackupFunctions.EmbeddedHost.Conformance.Tests.Support;
using BackupFunctions.EmbeddedHost.Functions;
using BackupFunctions.EmbeddedHost.Conformance.Tests.Http;
using Microsoft.Extensions.Configuration;

namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Functions;

public class FunctionDiscoveryTests
{
    [Theory]
    [InlineData(typeof(WrongFunctions.NotPublic), "it is not public")]
    [InlineData(typeof(WrongFunctions.NotPublicClass), "it is not public")]
    [InlineData(typeof(WrongFunctions.Overloaded), "it is overloaded")]
    [InlineData(typeof(WrongFunctions.NoTrigger), "none of its parameters has a trigger")]
    [InlineData(typeof(WrongFunctions.TwoTriggers), "it has 2 triggers")]
    [InlineData(typeof(WrongFunctions.Generic), "it is generic")]
    [InlineData(typeof(WrongFunctions.Abstract), "its class is abstract")]
    [InlineData(typeof(WrongFunctions.BadName), "its name 'not a name'")]
    [InlineData(typeof(WrongFunctions.WrongTimerType), "timer is a String instead of a TimerInfo")]
    [InlineData(typeof(WrongFunctions.UnknownParameter), "nothing can be bound to its parameter client of type HttpClient")]
    [InlineData(typeof(WrongFunctions.TwoOrchestrationInputs), "nothing can be bound to its parameter two")]
    [InlineData(typeof(WrongFunctions.ClientOfWrongType), "client is not a DurableTaskClient")]
    [InlineData(typeof(WrongFunctions.ClientOfOtherHub), "names a task hub")]
    [InlineData(typeof(WrongFunctions.ValueTaskResult), "it returns ValueTask")]
    [InlineData(typeof(WrongFunctions.HttpReturnsText), "it returns String")]
    [InlineData(typeof(WrongFunctions.HttpUserLevel), "level User")]
    [InlineData(typeof(WrongFunctions.HttpBadRoute), "is no route template")]
    [InlineData(typeof(WrongFunctions.HttpNoSuchRouteParameter), "its parameter name of type String")]
    [InlineData(typeof(WrongFunctions.RetryOnActivity), "only timer functions")]
    [InlineData(typeof(WrongFunctions.RetryWithoutInterval), "'soon' is not a TimeSpan")]
    [InlineData(typeof(WrongFunctions.RetryThatShrinks), "intervals that do not shrink")]
    [InlineData(typeof(WrongFunctions.OtherActivityName), "its trigger names 'G' and [Function] names 'F'")]
    [Conforms("A method that cannot be a function is refused at start with its name and the reason", Source.Own)]
    public void Discover_WrongMethod_NamesMethodAndReason(Type type, string reason)
    {
        var error = Should.Throw<PgdrException>(() => Discover(hasWeb: true, types: type));

        error.Code.ShouldBe(ErrorCodes.InvalidSettings);
        error.Message.ShouldStartWith($"{type.FullName}.Run cannot be a function: ");
        error.Message.ShouldContain(reason);
        error.Message.ShouldNotContain("\n");
    }

    [Fact]
    [Conforms("All mistakes are named at once", Source.Own)]
    public void Discover_SeveralMistakes_NamesAllAtOnce() =>
        Should.Throw<PgdrException>(() => Discover(hasWeb: true, types: [typeof(WrongFunctions.NoTrigger), typeof(WrongFunctions.Generic)]))
            .Message.Split('\n').Length.ShouldBe(2);

    [Fact]
    [Conforms("Function names are unique, whatever their case", Source.FunctionsHost)]
    public void Discover_NameUsedTwice_NamesBothMethods()
    {
        var message = Should.Throw<PgdrException>(() => Discover(hasWeb: true, types: typeof(WrongFunctions.SameNameTwice))).Message;

        message.ShouldContain("SameNameTwice.One");
        message.ShouldContain("SameNameTwice.Two");
    }

    [Fact]
    [Conforms("Two functions on the same route and verb are refused", Source.Own)]
    public void Discover_SameRouteAndVerb_NamesBothFunctions() =>
        Should.Throw<PgdrException>(() => Discover(hasWeb: true, types: typeof(WrongFunctions.SameRouteTwice)))
            .Message.ShouldBe("The functions One and Two answer the same route and verb: change the route of one.");

    [Fact]
    [Conforms("HttpRequest needs ConfigureFunctionsWebApplication", Source.DotnetWorker)]
    public void Discover_HttpWithoutWebApplication_SaysWhatToCall() =>
        Should.Throw<PgdrException>(() => Discover(hasWeb: false, types: typeof(HttpFunctions))).Message.ShouldContain("ConfigureFunctionsWebApplication");

    [Theory]
    [InlineData("")]
    [InlineData("Admin")]
    [Conforms("Routes below admin and runtime belong to the host", Source.FunctionsHost)]
    public void Discover_RouteOfTheHost_IsRefused(string prefix)
    {
        var rules = new FunctionRules(prefix, hasWeb: true);
        var method = typeof(HttpFunctions).GetMethod(nameof(HttpFunctions.RuntimeRoute))!;

        Should.Throw<FunctionRejectedException>(() => rules.TriggerOf(method, "RuntimeRoute")).Message.ShouldContain("belongs to the host");
    }

    [Theory]
    [InlineData("AzureWebJobs.Echo.Disabled", "true", true)]
    [InlineData("AzureWebJobs:Echo:Disabled", "1", true)]
    [InlineData("AzureWebJobs.Echo.Disabled", "false", false)]
    [InlineData("AzureWebJobs.Other.Disabled", "true", false)]
    [Conforms("AzureWebJobs.{Function}.Disabled = true or 1 switches a function off; it stays listed", Source.FunctionsHost)]
    public void Discover_DisabledBySetting_IsKnownAndDoesNotRun(string setting, string value, bool expected)
    {
        var catalog = Discover(hasWeb: true, (setting, value), typeof(HttpFunctions));

        catalog.Disabled.Any(function => function.Name is "Echo").ShouldBe(expected);
        catalog.Enabled.Any(function => function.Name is "Echo").ShouldBe(!expected);
        catalog.Find("echo").ShouldNotBeNull();
    }

    [Theory]
    [InlineData(1, 0.5, 4)]
    [InlineData(2, 0.5, 8)]
    [InlineData(3, 0, 12.8)]
    [InlineData(3, 1, 19.2)]
    [InlineData(60, 0.5, 900)]
    [Conforms("[ExponentialBackoffRetry] doubles the pause from the minimum to the maximum, with jitter", Source.FunctionsHost)]
    public void RetryDelay_Exponential_DoublesWithJitterUpToMaximum(int repetition, double random, double expectedSeconds) =>
        RetryDelays.Before(new ExponentialBackoffRetryAttribute(-1, "00:00:04", "00:15:00"), repetition, () => random)
            .ShouldBe(TimeSpan.FromSeconds(expectedSeconds), TimeSpan.FromMilliseconds(1));

    private static FunctionCatalog Discover(bool hasWeb, params Type[] types) => Discover(hasWeb, ("Unused", "1"), types);

    private static FunctionCatalog Discover(bool hasWeb, (string Key, string Value) setting, params Type[] types) =>
        new FunctionDiscovery(
            new FunctionRules("api", hasWeb),
            new ConfigurationBuilder().AddInMemoryCollection([new(setting.Key, setting.Value)]).Build()).Discover(types);
}
