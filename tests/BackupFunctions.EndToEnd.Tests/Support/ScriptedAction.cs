using System.Text.Json;

namespace BackupFunctions.EndToEnd.Tests.Support;

/// <summary>
/// A restart or reroute command: writes a line for each call, waits while it is held, and ends with the code it is told.
/// </summary>
internal sealed class ScriptedAction
{
    private const string Script = """
        folder=$1
        echo "$PGDR_RESTORE_ID $PGDR_DATABASE $PGDR_SERVER" >> "$folder/calls"
        while [ -e "$folder/hold" ]; do sleep 0.05; done
        read -r code < "$folder/code"
        [ "$code" = 0 ] || echo "the balancer does not answer" >&2
        exit "$code"
        """;

    private readonly string _folder;

    public ScriptedAction(string folder)
    {
        _folder = folder;
        File.WriteAllText(Path.Combine(folder, "script"), Script);
        EndsWith(0);
    }

    /// <summary>As RESTART_COMMAND and REROUTE_COMMAND take it.</summary>
    public string Command => JsonSerializer.Serialize<string[]>(["sh", Path.Combine(_folder, "script"), _folder]);

    /// <summary>Restore id, database and server of each call.</summary>
    public IReadOnlyList<string> Calls => File.Exists(Path.Combine(_folder, "calls")) ? File.ReadAllLines(Path.Combine(_folder, "calls")) : [];

    public void Hold() => File.WriteAllText(Path.Combine(_folder, "hold"), string.Empty);

    public void Release() => File.Delete(Path.Combine(_folder, "hold"));

    public void EndsWith(int code) => File.WriteAllText(Path.Combine(_folder, "code"), $"{code}\n");
}
