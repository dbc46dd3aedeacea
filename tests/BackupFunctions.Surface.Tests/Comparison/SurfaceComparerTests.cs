using BackupFunctions.Surface.Tests.Recording;
using BackupFunctions.Surface.Tests.StandIns;

namespace BackupFunctions.Surface.Tests.Comparison;

/// <summary>That the comparison finds what it is for, on a surface small enough to be changed one thing at a time.</summary>
public sealed class SurfaceComparerTests
{
    private const string Recorded = """
        namespace Microsoft.DurableTask

        public abstract class Worker<T> where T : notnull : IDisposable
        {
            public Worker(string name);
            public abstract Task<T?> RunAsync(string id, int attempts = 3, CancellationToken cancellation = default);
            public virtual void Stop<TReason>(TReason reason) where TReason : Exception;
            public void Dispose();
            public string? Name { get; init; }
        }

        public enum Level
        {
            Low = 0,
            High = 5,
        }

        public delegate Handler
            // public virtual bool Invoke(Level level)

        [AttributeUsage(System.AttributeTargets.Method, AllowMultiple=false, Inherited=false)]
        public sealed class MarkAttribute : Attribute
        {
            public MarkAttribute(params string[] names);
        }

        namespace Microsoft.Azure.Functions.Worker

        public class Level
        {
        }
        """;

    private const string Offered = """
        public abstract class Worker<T> : System.IDisposable where T : notnull
        {
            protected Worker(string name) => Name = name;
            public abstract Task<T?> RunAsync(string id, int attempts = 3, CancellationToken cancellation = default);
            public virtual void Stop<TReason>(TReason reason) where TReason : System.Exception { }
            public void Dispose() { }
            public string? Name { get; init; }
        }
        public enum Level { Low = 0, High = 5 }
        public delegate bool Handler(Level level);
        [System.AttributeUsage(System.AttributeTargets.Method, AllowMultiple = false, Inherited = false)]
        public sealed class MarkAttribute(params string[] names) : System.Attribute { internal string[] Names => names; }
        """;

    private static readonly Lazy<IReadOnlyList<SurfaceType>> Real = new(() =>
        SurfaceReader.Qualified.Read(StandInAssembly.Compile(RecordedListing.Parse("test", Recorded.Split('\n'))).Assembly));

    [Fact]
    public void Differences_OfTheSameSurface_AreNone() => Differences(Offered).ShouldBeEmpty();

    [Theory]
    [InlineData("public abstract Task<T?> RunAsync(string id, int attempts = 3, CancellationToken cancellation = default);", "")]
    [InlineData("Low = 0, ", "")]
    [InlineData(" : System.IDisposable", "")]
    public void Differences_OfLess_AreNone(string part, string instead) => Differences(Changed(part, instead)).ShouldBeEmpty();

    [Theory]
    [InlineData("public void Dispose() { }", "public void Dispose() { } public void Close() { }", "there is no 'public void Close();'.")]
    [InlineData("string id,", "string instanceId,", "RunAsync(string instanceId,")]
    [InlineData("attempts = 3", "attempts = 4", "but: public abstract System.Threading.Tasks.Task<T?> RunAsync(string id, int attempts = 3,")]
    [InlineData("int attempts = 3", "int? attempts = 3", "int? attempts = 3")]
    [InlineData("int attempts = 3, CancellationToken cancellation = default", "int attempts, CancellationToken cancellation", "no 'public abstract System.Threading.Tasks.Task<T?> RunAsync(string id, int attempts, ")]
    [InlineData("Task<T?> RunAsync", "ValueTask<T?> RunAsync", "no 'public abstract System.Threading.Tasks.ValueTask<T?>")]
    [InlineData("Task<T?> RunAsync", "Task<T> RunAsync", "no 'public abstract System.Threading.Tasks.Task<T> RunAsync")]
    [InlineData("public abstract Task<T?> RunAsync(", "public virtual Task<T?> RunAsync(", "no 'public virtual", "=> throw null!;")]
    [InlineData("where TReason : System.Exception", "where TReason : class", "where TReason : class;'")]
    [InlineData("string? Name { get; init; }", "string Name { get; init; }", "no 'public string Name { get; init; }'")]
    [InlineData("string? Name { get; init; }", "string? Name { get; set; }", "no 'public string? Name { get; set; }'")]
    [InlineData("where T : notnull", "where T : class", "its constraints is 'where T : class'")]
    [InlineData("public abstract class Worker<T> : System.IDisposable", "public abstract class Worker<T> : System.Exception, System.IDisposable", "its base type is 'System.Exception'")]
    [InlineData("System.IDisposable", "System.IDisposable, System.ICloneable", "it does not implement System.ICloneable", "public object Clone() => this;")]
    [InlineData("High = 5", "High = 6", "no 'High = 6,', but: High = 5,")]
    [InlineData("bool Handler(Level level)", "bool Handler(Level given)", "no 'public virtual bool Invoke(Microsoft.DurableTask.Level given);'")]
    [InlineData("bool Handler(Level level)", "bool Handler(BackupFunctions.EmbeddedHost.Level level)", "Invoke(Microsoft.Azure.Functions.Worker.Level level)")]
    [InlineData("AttributeTargets.Method", "AttributeTargets.Class", "its attribute usage is 'Class, AllowMultiple=False, Inherited=False'")]
    [InlineData("public sealed class MarkAttribute", "public class MarkAttribute", "its kind is 'public class' instead of 'public sealed class'")]
    [InlineData("params string[] names", "string[] names", "no 'public MarkAttribute(string[] names);'")]
    [InlineData("public enum Level", "public class Extra { } public enum Level", "Microsoft.DurableTask.Extra: there is no such public type.")]
    public void Differences_OfSomethingElse_NameIt(string part, string instead, string expected, string body = "")
    {
        var source = Changed(part, instead);
        source = instead.Contains("virtual Task", StringComparison.Ordinal)
            ? source.Replace("cancellation = default);", $"cancellation = default) {body}", StringComparison.Ordinal)
            : source.Replace("public void Dispose() { }", $"public void Dispose() {{ }} {body}", StringComparison.Ordinal);

        Differences(source).ShouldContain(difference => difference.Contains(expected, StringComparison.Ordinal), string.Join('\n', Differences(source)));
    }

    private static string Changed(string part, string instead)
    {
        Offered.ShouldContain(part);
        return Offered.Replace(part, instead, StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Differences(string offered)
    {
        var host = Compiling.WithoutErrors(Compiling.Library("Host",
        [
            Compiling.Parse($$"""
                using System.Threading;
                using System.Threading.Tasks;
                namespace BackupFunctions.EmbeddedHost { public class Level { internal Level() { } } }
                namespace BackupFunctions.EmbeddedHost.DurableTask { {{offered}} }
                """),
        ]));
        return [.. SurfaceComparer.Differences(EmbeddedSurface.Read(host.Assembly), Real.Value)];
    }
}
