namespace BackupFunctions.EmbeddedHost.Conformance.Tests.Support;

/// <summary>A test method with its rule.</summary>
/// <param name="Group">Folder of the test.</param>
/// <param name="Name">Class and method.</param>
/// <param name="Conforms">The rule.</param>
/// <param name="Count">Rows of data, at least 1.</param>
internal sealed record ConformanceCase(string Group, string Name, ConformsAttribute Conforms, int Count);
