namespace SampleApplication;

/// <param name="Tenants">Tenants in all.</param>
/// <param name="NewestInvoice">The newest invoice of the first tenant; null when it has none.</param>
internal sealed record InvoicingSummary(long Tenants, DateOnly? NewestInvoice);
