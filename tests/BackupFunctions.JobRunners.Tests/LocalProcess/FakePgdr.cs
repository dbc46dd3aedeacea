using System.Globalization;
using BackupFunctions.JobRunners.LocalProcess;
using BackupFunctions.JobRunners.Runs;

namespace BackupFunctions.JobRunners.Tests.LocalProcess;

/// <summary>A pgdr in a few lines of shell: takes the run's lock, notes its start, waits to be released, leaves a result.</summary>
internal sealed class FakePgdr : IDisposable
{
    private const string Script =
        """
        test "$1 $2" = "job run" || exit 64
        cd "$RUN_STORE_PATH/$3" || exit 65
        exec 9<>lock
        flock -n 9 || exit 0
        [ ! -e result.json ] || exit 0 # another one was quicker
        echo "$$" >>starts
        echo "out of $3"; echo "err of $3" >&2
        until [ -e finish ]; do
          [ -e lock ] || exit 0 # the test is over and its folder gone
          if [ -e cancel ]; then state=CANCELED; break; fi
          sleep 0.02 9>&-
        done
        printf '{"run_id":"%s","state":"%s","started_at":"2026-11-21T02:00:00+00:00","finished_at":"2026-11-21T02:00:01+00:00"}' \
          "$3" "${state:-SUCCEEDED}" >result.new
        mv result.new result.json
        """;

    private readonly TemporaryFolder _folder = new();

    public FakePgdr()
    {
        Store = new RunStore(_folder["runs"]);
        Options = new LocalProcessOptions(
            ["sh", "-c", Script, "pgdr"], _folder.Path, new Dictionary<string, string>(StringComparer.Ordinal) { ["RUN_STORE_PATH"] = _folder["runs"] });
    }

    public RunStore Store { get; }

    public LocalProcessOptions Options { get; }

    /// <summary>A host that knows nothing but the run store.</summary>
    public LocalProcessRunner NewHost() => new(new RunStore(_folder["runs"]), Options);

    public string PathOf(string runId, string file) => Path.Combine(Store.FolderOf(runId), file);

    /// <summary>Process ids of those that took the lock.</summary>
    public IReadOnlyList<int> Starts(string runId) => File.Exists(PathOf(runId, "starts"))
        ? [.. File.ReadAllLines(PathOf(runId, "starts")).Select(line => int.Parse(line, CultureInfo.InvariantCulture))]
        : [];

    public void Finish(string runId) => File.WriteAllText(PathOf(runId, "finish"), string.Empty);

    public void Dispose()
    {
        foreach (var run in Directory.EnumerateDirectories(_folder.Path + "/runs"))
        {
            Finish(Path.GetFileName(run));
        }

        _folder.Dispose();
    }
}
