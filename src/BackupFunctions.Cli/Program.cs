using BackupFunctions.Cli;

return await PgdrCommand.Create().Parse(args).InvokeAsync();
