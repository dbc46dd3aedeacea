using System.Text.Json;

namespace BackupFunctions.Catalog.Database;

/// <summary>Enums in columns, as contracts write them: SNAKE_CASE_UPPER.</summary>
internal static class CatalogNames
{
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseUpper.ConvertName(value.ToString());
}
