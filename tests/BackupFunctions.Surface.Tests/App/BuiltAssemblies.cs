using System.Reflection;
using Microsoft.CodeAnalysis;

namespace BackupFunctions.Surface.Tests.App;

/// <summary>Projects as built beside these tests, and what they refer to in turn: what a project reference gives.</summary>
internal static class BuiltAssemblies
{
    /// <exception cref="FileNotFoundException">A project is not built: this test project must refer to it too.</exception>
    public static IReadOnlyList<MetadataReference> Of(IEnumerable<string> projects)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        var open = new Queue<string>(projects);
        foreach (var project in open.Where(project => !File.Exists(PathOf(project))))
        {
            throw new FileNotFoundException($"The app refers to {project}: add it to BackupFunctions.Surface.Tests.csproj.");
        }

        while (open.TryDequeue(out var name))
        {
            var path = PathOf(name);
            if (File.Exists(path) && found.TryAdd(name, path))
            {
                foreach (var next in Assembly.LoadFrom(path).GetReferencedAssemblies())
                {
                    open.Enqueue(next.Name!);
                }
            }
        }

        return [.. found.Values.Select(path => MetadataReference.CreateFromFile(path))];
    }

    private static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, $"{name}.dll");
}
