using System.Text.RegularExpressions;
using BackupFunctions.Contracts.Manifests;
using Microsoft.Extensions.Configuration;

namespace BackupFunctions.Settings;

/// <summary>Databases__0__Tenants__…</summary>
internal static partial class TenantSettingsReader
{
    private const string Mode = "Mode";
    private const string Context = "ContextCall";

    private static readonly string[] OfColumns = ["Column", "Columns", "Root", "SharedRows", "Schemas", "ContextSetting", Context];

    /// <returns>Null: the database has no tenants.</returns>
    public static TenantSettings? Read(IConfigurationSection database)
    {
        var section = database.GetSection("Tenants");
        return !section.Exists() ? null : SettingsReader.Text(section, Mode) switch
        {
            "column" => ReadColumns(section),
            "schema" => ReadSchemas(section),
            null => throw SettingsReader.Invalid(section, Mode, "it is missing; choose one of column, schema"),
            _ => throw SettingsReader.Invalid(section, Mode, "choose one of column, schema"),
        };
    }

    private static TenantSettings ReadColumns(IConfigurationSection section)
    {
        Refuse(section, "Pattern", "it belongs to mode schema");
        var settings = new TenantSettings
        {
            Mode = TenantMode.Column,
            Column = SettingsReader.Text(section, "Column"),
            Columns = [.. Names(section, "Columns").Select(text => Column(section, "Columns", text))],
            Root = SettingsReader.Text(section, "Root") is { } root ? Column(section, "Root", root) : null,
            Shared = Names(section, "Shared"),
            SharedRows = SettingsReader.Text(section, "SharedRows") switch
            {
                null or "true" => true,
                "false" => false,
                _ => throw SettingsReader.Invalid(section, "SharedRows", "give true or false"),
            },
            Schemas = Names(section, "Schemas"),
            ContextSetting = SettingsReader.Text(section, "ContextSetting"),
            ContextCall = SettingsReader.Text(section, Context),
            List = SettingsReader.Text(section, "List"),
        };
        if (settings is { Column: null, Columns: [], Root: null })
        {
            throw SettingsReader.Invalid(section, "Column", "name the tenant column, or columns of single tables by Columns or Root");
        }

        if (settings.ContextSetting is { } setting && !SettingName().IsMatch(setting))
        {
            throw SettingsReader.Invalid(section, "ContextSetting", "give a name with a dot, for example app.tenant_id");
        }

        return settings.ContextCall?.Contains("$1", StringComparison.Ordinal) == false
            ? throw SettingsReader.Invalid(section, Context, "the tenant is missing, write $1 for it, for example select set_tenant_context($1)")
            : settings;
    }

    private static TenantSettings ReadSchemas(IConfigurationSection section)
    {
        foreach (var name in OfColumns)
        {
            Refuse(section, name, "it belongs to mode column");
        }

        var settings = new TenantSettings
        {
            Mode = TenantMode.Schema,
            Pattern = SettingsReader.Text(section, "Pattern"),
            Shared = Names(section, "Shared"),
            List = SettingsReader.Text(section, "List"),
        };
        return settings.Pattern is null == settings.List is null
            ? throw SettingsReader.Invalid(section, "Pattern", "give a pattern for the schemas of tenants, or a query for them by List, one of both")
            : settings;
    }

    private static void Refuse(IConfigurationSection section, string name, string why)
    {
        if (SettingsReader.Text(section, name) is not null)
        {
            throw SettingsReader.Invalid(section, name, why);
        }
    }

    private static IReadOnlyList<string> Names(IConfigurationSection section, string name) =>
        section.GetSection(name).GetChildren().Select(static child => child.Value).OfType<string>().ToList() is { Count: > 0 } listed ? listed :
        [.. (SettingsReader.Text(section, name) ?? string.Empty).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    private static TenantColumnSetting Column(IConfigurationSection section, string name, string text)
    {
        var match = ColumnName().Match(text);
        return match.Success
            ? new TenantColumnSetting(Unquoted(match, "schema"), Unquoted(match, "table"), Unquoted(match, "column"))
            : throw SettingsReader.Invalid(section, name, "give schema.table(column), names with special characters in double quotes");
    }

    private static string Unquoted(Match match, string part)
    {
        var text = match.Groups[part].Value;
        return text[0] == '"' ? text[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : text;
    }

    [GeneratedRegex(
        """\A(?<schema>"(?:[^"]|"")+"|[^".()]+)\.(?<table>"(?:[^"]|"")+"|[^".()]+)\((?<column>"(?:[^"]|"")+"|[^".()]+)\)\z""",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, Timeout.Infinite)]
    private static partial Regex ColumnName();

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_$]*(\.[A-Za-z_][A-Za-z0-9_$]*)+\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex SettingName();
}
