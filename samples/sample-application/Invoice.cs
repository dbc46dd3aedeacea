namespace SampleApplication;

internal sealed record Invoice(string Number, string Customer, string Status, DateOnly IssuedOn, string Currency, decimal Total);
