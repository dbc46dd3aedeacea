using System.Globalization;
using System.Text;
using BackupFunctions.Jobs.Tests.Support;

namespace BackupFunctions.Jobs.Tests.Tenants;

/// <summary>Random trees of tables and rows: each tenant's backup has what a model says is the tenant's, and all of them together everything.</summary>
[Collection(ServerCollection.Name)]
public sealed class TenantModelTests(ServerFixture fixture)
{
    private const int Tenants = 3;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Backups_OfARandomSchema_HaveTheRowsOfTheModel(int seed)
    {
        // Repeatable: the seed is part of the test's name.
#pragma warning disable CA5394
        var random = new Random(seed);
        var sql = new StringBuilder();
        var owners = new List<int[]>();
        for (var table = 0; table < 7; table++)
        {
            var parents = Enumerable.Range(0, table).Where(_ => random.Next(2) == 0).Take(2).ToList();
            var column = parents.Count == 0 || random.Next(3) == 0;
            sql.Append(CultureInfo.InvariantCulture, $"create table t{table} (id int primary key{(column ? ", tenant_id int" : string.Empty)}");
            sql.AppendJoin(string.Empty, parents.Select(static parent => $", p{parent} int references t{parent}")).Append(");\n");
            var rows = new int[random.Next(5, 30)];
            for (var row = 0; row < rows.Length; row++)
            {
                var owner = random.Next(Tenants);
                var keys = parents.Select(parent => Reference(random, owners[parent], owner)).ToList();
                if (!column && keys.TrueForAll(key => key is null))
                {
                    owner = -1;
                }

                rows[row] = owner;
                List<string> values = [row.ToString(CultureInfo.InvariantCulture), .. column ? [owner.ToString(CultureInfo.InvariantCulture)] : Array.Empty<string>(), .. keys.Select(key => key?.ToString(CultureInfo.InvariantCulture) ?? "null")];
                sql.Append(CultureInfo.InvariantCulture, $"insert into t{table} values ({string.Join(", ", values)});\n");
            }

            owners.Add(rows);
        }
#pragma warning restore CA5394

        using var site = await TenantSite.CreateAsync(fixture, sql.ToString(), ("Column", "tenant_id"), ("List", $"select i::text from generate_series(0, {Tenants - 1}) i"));

        var result = await site.BackUpAsync(tenants: null);

        result.Failures.ShouldBeEmpty(sql.ToString());
        result.Backups.Select(backup => backup.Rows).ShouldBe(Enumerable.Range(0, Tenants).Select(tenant => owners.Sum(rows => (long)rows.Count(owner => owner == tenant))), sql.ToString());
    }

    /// <summary>Some row of the parent that belongs to the same tenant; null: none, or the key is left out.</summary>
    private static int? Reference(Random random, int[] parent, int owner)
    {
#pragma warning disable CA5394
        var own = parent.Index().Where(row => row.Item == owner).Select(row => row.Index).ToList();
        return own.Count == 0 || random.Next(4) == 0 ? null : own[random.Next(own.Count)];
#pragma warning restore CA5394
    }
}
