namespace BackupFunctions.Contracts.Manifests;

/// <summary>
/// Rows of one table as pg_dump wrote them: exact count and an order-independent digest (sum modulo 2^128 of the XXH3-128 of every
/// COPY text line without its newline).
/// </summary>
/// <param name="Schema">Unquoted.</param>
/// <param name="Name">Unquoted.</param>
/// <param name="Columns">The COPY column list, unquoted, in the dump's order; empty for a table without columns.</param>
/// <param name="Filter">The WHERE clause of an extension's configuration table, with the word WHERE; null for every other table.</param>
/// <param name="Rows">Exact.</param>
/// <param name="Digest">32 hex digits.</param>
public sealed record TableDigest(string Schema, string Name, IReadOnlyList<string> Columns, string? Filter, long Rows, string Digest);
