using BackupFunctions.Cli;

return await PgdrCommand.RunAsync(args);
