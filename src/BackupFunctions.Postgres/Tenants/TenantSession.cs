using BackupFunctions.Contracts;
using BackupFunctions.Postgres.Servers;
using Npgsql;

namespace BackupFunctions.Postgres.Tenants;

/// <summary>One connection that reads in a snapshot taken by another, a transaction for each tenant: what a tenant's context left is rolled back.</summary>
internal sealed class TenantSession : IAsyncDisposable
{
    // As pg_dump and the comparison of a restored database do, so that a row has the same bytes.
    private const string Settings = """
        set timezone = 'UTC'; set datestyle = 'ISO'; set intervalstyle = 'postgres'; set extra_float_digits = 3;
        set bytea_output = 'hex'; set lc_monetary = 'C'; set synchronize_seqscans = off;
        set statement_timeout = 0; set lock_timeout = 0; set idle_in_transaction_session_timeout = 0
        """;

    private readonly string _snapshot;

    private TenantSession(NpgsqlConnection connection, string snapshot) => (Connection, _snapshot) = (connection, snapshot);

    public NpgsqlConnection Connection { get; }

    public static async Task<TenantSession> OpenAsync(ServerConnection server, string database, string snapshot, CancellationToken cancellationToken)
    {
        var connection = await server.OpenAsync(database, cancellationToken);
        try
        {
            await connection.ExecuteAsync(Settings, cancellationToken);
            return new TenantSession(connection, snapshot);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads in a transaction whose policies see the tenant; what it set is gone afterwards.</summary>
    /// <param name="tenant">Its id.</param>
    /// <param name="rules">Say what policies read.</param>
    /// <param name="hidden">Policies apply; else a policy that would apply after all is an error.</param>
    /// <param name="read">Runs with an empty search path.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<T> ReadAsync<T>(string tenant, TenantRules rules, bool hidden, Func<NpgsqlConnection, Task<T>> read, CancellationToken cancellationToken)
    {
        await Connection.ExecuteAsync("begin isolation level repeatable read read only", cancellationToken);
        try
        {
            await Connection.ExecuteAsync($"set transaction snapshot {Sql.Literal(_snapshot)}", cancellationToken);
            if (hidden)
            {
                await SetContextAsync(tenant, rules, cancellationToken);
            }

            await Connection.ExecuteAsync($"set local search_path = ''; set local row_security = {(hidden ? "on" : "off")}", cancellationToken);
            return await read(Connection);
        }
        finally
        {
            await RollBackAsync();
        }
    }

    public ValueTask DisposeAsync() => Connection.DisposeAsync();

    /// <summary>That it cannot be done says that the connection is gone; what came before is the cause.</summary>
    private async Task RollBackAsync()
    {
        try
        {
            if (Connection.FullState == System.Data.ConnectionState.Open)
            {
                await Connection.ExecuteAsync("rollback", CancellationToken.None);
            }
        }
        catch (NpgsqlException)
        {
            await Connection.CloseAsync();
        }
    }

    private async Task SetContextAsync(string tenant, TenantRules rules, CancellationToken cancellationToken)
    {
        if (rules.ContextSetting is { } setting)
        {
            await Connection.QueryAsync("select set_config($1, $2, true)", static row => row.GetString(0), cancellationToken, setting, tenant);
        }

        if (rules.ContextCall is { } call)
        {
            await Connection.QueryAsync(call, static _ => 0, cancellationToken, tenant);
        }

        if (rules.ContextSetting is { } set
            && !string.Equals(await Connection.SingleAsync<string>("select coalesce(current_setting($1, true), '')", cancellationToken, set), tenant, StringComparison.Ordinal))
        {
            throw new PgdrException(ErrorCodes.TenantUnknown, $"The setting {set} does not say '{tenant}' after the configured call: correct the context of the tenants.");
        }
    }
}
