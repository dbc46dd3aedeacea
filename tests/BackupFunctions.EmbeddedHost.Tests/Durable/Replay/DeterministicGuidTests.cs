using BackupFunctions.EmbeddedHost.Durable.Replay;

namespace BackupFunctions.EmbeddedHost.Tests.Durable.Replay;

public sealed class DeterministicGuidTests
{
    /// <summary>Expected values by Python's uuid.uuid5 in the same namespace.</summary>
    [Theory]
    [InlineData("instance_2024-05-06T07:08:09.1234567Z_0", "67983223-7a1f-55ef-bafb-31dac1f63d13")]
    [InlineData("instance_2024-05-06T07:08:09.1234567Z_1", "d20f90bf-bbfe-510e-951b-7bcc15b32cc5")]
    public void Create_FromAName_IsTheVersion5Id(string name, string expected) =>
        DeterministicGuid.Create(name).ToString().ShouldBe(expected);
}
