namespace BackupFunctions.EmbeddedHost.Functions;

/// <summary>The functions of the app.</summary>
/// <param name="Enabled">Those that run.</param>
/// <param name="Disabled">Those that the settings switch off.</param>
internal sealed record FunctionCatalog(IReadOnlyList<FunctionEntry> Enabled, IReadOnlyList<FunctionEntry> Disabled)
{
    public IEnumerable<FunctionEntry> All => Enabled.Concat(Disabled).OrderBy(function => function.Name, StringComparer.OrdinalIgnoreCase);

    public FunctionEntry? Find(string name) => All.FirstOrDefault(function => string.Equals(function.Name, name, StringComparison.OrdinalIgnoreCase));

    public bool IsDisabled(FunctionEntry function) => Disabled.Contains(function);

    public IEnumerable<(FunctionEntry Function, T Trigger)> With<T>()
        where T : FunctionTrigger =>
        Enabled.Where(function => function.Trigger is T).Select(function => (function, (T)function.Trigger));
}
