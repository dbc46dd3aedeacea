using Npgsql;
using SampleApplication;

// ConnectionStrings__Invoicing says where the database is; the password comes from PGPASSFILE, URLS says where to listen.
var builder = WebApplication.CreateSlimBuilder(args);
var connectionString = builder.Configuration.GetConnectionString("Invoicing")
    ?? throw new InvalidOperationException("ConnectionStrings__Invoicing is not set: give the sample application its database");

builder.Services.AddSingleton(NpgsqlDataSource.Create(connectionString));
builder.Services.AddSingleton<InvoicingQueries>();

var app = builder.Build();
app.MapGet("/health", Endpoints.HealthAsync);
app.MapGet("/invoices", Endpoints.InvoicesAsync);
await app.RunAsync();
