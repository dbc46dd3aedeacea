using BackupFunctions.EmbeddedOnly;
using Microsoft.Extensions.DependencyInjection;

namespace BackupFunctions;

/// <summary>Compiled with the embedded host only: there a finished job wakes its workflow at once.</summary>
internal static partial class BackupFunctionsServices
{
    static partial void AddHostServices(IServiceCollection services) => services.AddHostedService<JobCompletionWatcher>();
}
