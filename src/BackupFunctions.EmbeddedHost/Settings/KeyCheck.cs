using System.Text.Json.Nodes;

namespace BackupFunctions.EmbeddedHost.Settings;

/// <summary>One sentence for every key of a settings file that has no effect: misplaced, misspelled, unknown, or not applied here.</summary>
/// <param name="file">Name for the sentences.</param>
/// <param name="known">The whole file.</param>
/// <param name="advice">Said of keys that nothing known is near to; null for none.</param>
internal sealed class KeyCheck(string file, KnownKey known, string? advice = null)
{
    public IEnumerable<string> Messages(JsonObject root) => Messages(root, known, string.Empty);

    private IEnumerable<string> Messages(JsonObject section, KnownKey expected, string path)
    {
        foreach (var (name, value) in section)
        {
            if (!expected.Children!.TryGetValue(name, out var key))
            {
                yield return Unknown(name, path, expected);
            }
            else if (key.RemarkOn(value) is { } remark)
            {
                yield return $"{file} sets '{Below(path, name)}', {remark}.";
            }
            else if (key.Children is not null && value is JsonObject below)
            {
                foreach (var message in Messages(below, key, Below(path, name)))
                {
                    yield return message;
                }
            }
            else if (key.Children is not null && value is not null)
            {
                yield return $"{file}: '{Below(path, name)}' must be a section in braces, so it has no effect.";
            }
        }
    }

    private string Unknown(string name, string path, KnownKey expected)
    {
        var place = path.Length == 0 ? "at the top" : $"inside '{path}'";
        if (Places(known, string.Empty).FirstOrDefault(home => Same(home.Name, name) && !Same(home.Path, path)) is { Name: not null } found)
        {
            var target = found.Path.Length == 0 ? "to the top" : $"into '{found.Path}'";
            return $"{file} has '{name}' {place}, where it has no effect: move it {target}.";
        }

        var meant = NearestKey.Find(name, expected.Children!.Keys);
        var hint = meant is not null ? $"; did you mean '{meant}'?" : advice is not null ? $": {advice}." : ".";
        return $"{file} has the unknown key '{name}' {place}, which has no effect{hint}";
    }

    /// <summary>Every known key with the section it belongs into.</summary>
    private static IEnumerable<(string Path, string Name)> Places(KnownKey section, string path) =>
        section.Children!.SelectMany(child => child.Value.Children is null
            ? [(path, child.Key)]
            : Places(child.Value, Below(path, child.Key)).Prepend((path, child.Key)));

    private static string Below(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
