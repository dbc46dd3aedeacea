namespace BackupFunctions.TestSupport;

public static class ReplicationSlots
{
    /// <summary>Of a receiver that has ended: the server may need a moment to see that.</summary>
    public static Task DropSlotAsync(this PostgresServer server, string slot) => server.ExecuteAsync($"""
        do $$ begin
          for i in 1..1200 loop
            exit when not (select active from pg_replication_slots where slot_name = '{slot}');
            perform pg_sleep(0.05);
          end loop;
          perform pg_drop_replication_slot('{slot}');
        end $$
        """);
}
