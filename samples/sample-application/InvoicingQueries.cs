using Npgsql;

namespace SampleApplication;

/// <summary>What the application asks its database, as a role that row level security binds: each query runs for one tenant.</summary>
internal sealed class InvoicingQueries(NpgsqlDataSource dataSource)
{
    private const string UseTenant = "SELECT set_config('app.tenant_id', $1, true)";

    private const string Newest =
        """
        SELECT i.number, c.name, i.status::text, i.issued_on, i.currency::text, i.total
        FROM sales.invoices i JOIN sales.customers c ON c.tenant_id = i.tenant_id AND c.id = i.customer_id
        ORDER BY i.issued_on DESC, i.id DESC LIMIT 20
        """;

    /// <summary>Null when there is no tenant at all.</summary>
    public async Task<InvoicingSummary?> SummaryAsync(CancellationToken cancel)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var count = new NpgsqlCommand("SELECT count(*), min(id)::text FROM tenancy.tenants", connection);
        await using var reader = await count.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        var tenants = reader.GetInt64(0);
        if (tenants == 0)
        {
            return null;
        }

        var first = reader.GetString(1);
        await reader.CloseAsync();
        await UseTenantAsync(connection, first, cancel);
        await using var newest = new NpgsqlCommand("SELECT max(issued_on) FROM sales.invoices", connection);
        return new InvoicingSummary(tenants, await newest.ExecuteScalarAsync(cancel) as DateOnly?);
    }

    /// <summary>Null when there is no such tenant.</summary>
    public async Task<IReadOnlyList<Invoice>?> NewestInvoicesAsync(string slug, CancellationToken cancel)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var tenant = new NpgsqlCommand("SELECT id::text FROM tenancy.tenants WHERE slug = $1", connection);
        tenant.Parameters.Add(new() { Value = slug });
        if (await tenant.ExecuteScalarAsync(cancel) is not string id)
        {
            return null;
        }

        await UseTenantAsync(connection, id, cancel);
        await using var newest = new NpgsqlCommand(Newest, connection);
        await using var reader = await newest.ExecuteReaderAsync(cancel);
        List<Invoice> invoices = [];
        while (await reader.ReadAsync(cancel))
        {
            invoices.Add(new(
                reader.GetString(0), reader.GetString(1), reader.GetString(2),
                reader.GetFieldValue<DateOnly>(3), reader.GetString(4), reader.GetDecimal(5)));
        }

        return invoices;
    }

    private static async Task UseTenantAsync(NpgsqlConnection connection, string tenant, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(UseTenant, connection);
        command.Parameters.Add(new() { Value = tenant });
        await command.ExecuteNonQueryAsync(cancel);
    }
}
