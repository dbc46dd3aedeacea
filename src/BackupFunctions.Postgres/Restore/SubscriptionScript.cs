using System.Text.RegularExpressions;

namespace BackupFunctions.Postgres.Restore;

/// <summary>
/// What pg_restore writes for one subscription, which ends in <c>CREATE SUBSCRIPTION name CONNECTION '...' PUBLICATION ... WITH (connect = false,
/// slot_name = '...')</c> (dumpSubscription of pg_dump.c): disabled and unconnected, but it knows the slot.
/// </summary>
/// <param name="Name">As SQL writes it, quoted where it has to be.</param>
/// <param name="Statements">All of them, in the encoding of the dump, a byte a character.</param>
internal sealed partial record SubscriptionScript(string Name, string Statements)
{
    // The connection string may hold a password: the server's log gets none of these statements. Event triggers of the database stay out of it.
    private const string Begin = """
        BEGIN;
        SET LOCAL log_statement = 'none';
        SET LOCAL log_min_duration_statement = -1;
        SET LOCAL log_min_duration_sample = -1;
        SET LOCAL log_min_error_statement = 'panic';
        SET LOCAL session_replication_role = 'replica';

        """;

    /// <returns>Null: it is not the one statement that is expected.</returns>
    public static SubscriptionScript? Read(string statements) =>
        Create().Matches(statements) is [var only] ? new SubscriptionScript(only.Groups["name"].Value, statements) : null;

    /// <summary>The slot is forgotten in the transaction that makes the subscription: nobody ever sees one that knows it.</summary>
    public string ToTransaction() => $"{Begin}{Statements}\nALTER SUBSCRIPTION {Name} SET (slot_name = NONE);\nCOMMIT;\n";

    // No such record prints what it holds.
    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append("Name = ").Append(Name);
        return true;
    }

    [GeneratedRegex("""^CREATE SUBSCRIPTION (?<name>[a-z_][a-z0-9_$]*|"([^"]|"")+") CONNECTION '""", RegexOptions.ExplicitCapture | RegexOptions.Multiline, Timeout.Infinite)]
    private static partial Regex Create();
}
