namespace BackupFunctions.Cli.Output;

/// <summary>Lines of text that quote names and messages of others: those are data, and must not steer the terminal.</summary>
internal static class Plain
{
    public static void WriteLine(string text) => Console.Out.WriteLine(string.Concat(text.Select(letter => char.IsControl(letter) ? '?' : letter)));
}
