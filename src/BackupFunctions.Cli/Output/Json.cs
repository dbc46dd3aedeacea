using System.Text.Json;
using BackupFunctions.Contracts;

namespace BackupFunctions.Cli.Output;

/// <summary>What --json prints: the contracts as they are stored.</summary>
internal static class Json
{
    public static void Print<T>(T value) => Console.Out.WriteLine(JsonSerializer.Serialize(value, ContractJson.Indented));
}
