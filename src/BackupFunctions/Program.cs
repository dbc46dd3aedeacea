using BackupFunctions;
using BackupFunctions.Contracts;
using Microsoft.Extensions.Hosting;

try
{
    var builder = FunctionsApplication.CreateBuilder(args);
    builder.ConfigureFunctionsWebApplication();
    builder.AddBackupFunctions();
    await builder.Build().RunAsync();
    return 0;
}
catch (PgdrException e)
{
    await Console.Error.WriteLineAsync($"backup-functions: {e.Message}");
    return 1;
}
