using Npgsql;

namespace SampleApplication;

internal static class Endpoints
{
    /// <summary>200 when the application can do its work, which takes its database: not only that the process answers.</summary>
    public static async Task<IResult> HealthAsync(InvoicingQueries queries, CancellationToken cancel)
    {
        try
        {
            var summary = await queries.SummaryAsync(cancel);
            return summary is null
                ? Unhealthy("the database holds no tenants")
                : Results.Json(new { status = "healthy", process_id = Environment.ProcessId, summary.Tenants, summary.NewestInvoice });
        }
        catch (NpgsqlException exception)
        {
            return Unhealthy(exception.Message);
        }
    }

    public static async Task<IResult> InvoicesAsync(string tenant, InvoicingQueries queries, CancellationToken cancel)
    {
        var invoices = await queries.NewestInvoicesAsync(tenant, cancel);
        return invoices is null ? Results.NotFound(new { error = $"no tenant {tenant}" }) : Results.Json(invoices);
    }

    private static IResult Unhealthy(string cause) =>
        Results.Json(new { status = "unhealthy", process_id = Environment.ProcessId, cause }, statusCode: StatusCodes.Status503ServiceUnavailable);
}
