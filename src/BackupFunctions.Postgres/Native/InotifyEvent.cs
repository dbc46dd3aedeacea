namespace BackupFunctions.Postgres.Native;

/// <param name="Name">The file's, without its folder; empty for an overflow.</param>
/// <param name="IsCreated">It appeared.</param>
/// <param name="IsClosed">Somebody who wrote to it closed it.</param>
/// <param name="IsOverflow">Events were lost.</param>
internal readonly record struct InotifyEvent(string Name, bool IsCreated, bool IsClosed, bool IsOverflow);
