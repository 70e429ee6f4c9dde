using System.Reflection;

namespace StablePay.Server.Options;

/// <summary>
/// Fills options from configuration and collects every mistake: a key that nobody knows, a value that is not of its
/// kind or out of its range. The framework's binder stops at the first and ignores unknown keys.
/// </summary>
internal static class SettingsReader
{
    public static IReadOnlyList<string> Fill(StablePayOptions options, IConfiguration from)
    {
        var mistakes = new List<string>();
        foreach (var section in from.GetChildren())
            FillMember(options, section, mistakes);
        return mistakes;
    }

    private static void FillMember(object owner, IConfigurationSection from, List<string> mistakes)
    {
        var property = owner
            .GetType()
            .GetProperties()
            .FirstOrDefault(p => string.Equals(p.Name, from.Key, StringComparison.OrdinalIgnoreCase));
        if (property is null)
            mistakes.Add($"{from.Path} is not a setting.");
        else if (property.GetValue(owner) is IDictionary<string, NetworkOptions> networks)
            FillNetworks(networks, from, mistakes);
        else if (property.CanWrite)
            FillValue(owner, property, from, mistakes);
        else
            FillSection(property.GetValue(owner)!, from, mistakes);
    }

    private static void FillSection(object section, IConfigurationSection from, List<string> mistakes)
    {
        if (from.Value is not null)
            mistakes.Add($"{from.Path} is a section, not a setting.");
        foreach (var child in from.GetChildren())
            FillMember(section, child, mistakes);
    }

    private static void FillNetworks(
        IDictionary<string, NetworkOptions> networks,
        IConfigurationSection from,
        List<string> mistakes
    )
    {
        foreach (var child in from.GetChildren())
        {
            var network = networks.TryGetValue(child.Key, out var known) ? known : networks[child.Key] = new();
            FillSection(network, child, mistakes);
        }
    }

    private static void FillValue(
        object owner,
        PropertyInfo property,
        IConfigurationSection from,
        List<string> mistakes
    )
    {
        if (property.PropertyType == typeof(IList<string>) || property.PropertyType == typeof(IList<int>))
        {
            FillList(owner, property, from, mistakes);
            return;
        }
        if (from.GetChildren().Any())
        {
            mistakes.Add($"{from.Path} is one setting and has none below it.");
            return;
        }
        if (TryParse(from.Value ?? "", property.PropertyType, out var value, out var kind))
        {
            property.SetValue(owner, value);
            CheckRange(property, from, value, mistakes);
        }
        else
        {
            mistakes.Add($"{from.Path} is not {kind}.");
        }
    }

    /// <summary>A list is given as one text with commas, or as an array.</summary>
    private static void FillList(object owner, PropertyInfo property, IConfigurationSection from, List<string> mistakes)
    {
        var texts = from.Value is { } joined
            ? joined.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : [.. from.GetChildren().Select(child => child.Value ?? "")];
        if (property.PropertyType == typeof(IList<string>))
        {
            property.SetValue(owner, texts.ToList());
            return;
        }
        var numbers = new List<int>();
        foreach (var text in texts)
        {
            if (TryParse(text, typeof(int), out var number, out _))
                numbers.Add((int)number!);
            else
                mistakes.Add($"{from.Path} is not a list of whole numbers.");
        }
        property.SetValue(owner, numbers);
    }

    private static bool TryParse(string text, Type type, out object? value, out string kind)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        var culture = CultureInfo.InvariantCulture;
        (var isRead, value, kind) = plain switch
        {
            _ when plain == typeof(string) => (true, text, "a text"),
            _ when plain == typeof(bool) => (bool.TryParse(text, out var b), (object?)b, "true or false"),
            _ when plain == typeof(int) => (
                int.TryParse(text, NumberStyles.AllowLeadingSign, culture, out var n),
                n,
                "a whole number"
            ),
            _ when plain == typeof(long) => (
                long.TryParse(text, NumberStyles.AllowLeadingSign, culture, out var n),
                n,
                "a whole number"
            ),
            // A bare number would be days.
            _ when plain == typeof(TimeSpan) => (
                TimeSpan.TryParseExact(text, "c", culture, out var span) && text.Contains(':'),
                span,
                "a duration like 00:00:30"
            ),
            _ => throw new InvalidOperationException($"no setting is of type {plain}"),
        };
        return isRead;
    }

    private static void CheckRange(
        PropertyInfo property,
        IConfigurationSection from,
        object? value,
        List<string> mistakes
    )
    {
        var size =
            value is TimeSpan span ? span.TotalSeconds
            : value is IConvertible and not (string or bool) ? Convert.ToDouble(value, CultureInfo.InvariantCulture)
            : (double?)null;
        if (property.GetCustomAttribute<WithinAttribute>() is { } range && (size < range.Least || size > range.Most))
            mistakes.Add(
                $"{from.Path} must be from {DescribeLimit(property, range.Least)} to {DescribeLimit(property, range.Most)}."
            );
        if (property.GetCustomAttribute<OneOfAttribute>() is { } words && !words.Words.Contains((string)value!))
            mistakes.Add($"{from.Path} must be one of {string.Join(", ", words.Words)}.");
    }

    /// <summary>A limit in the form in which the setting is written.</summary>
    internal static string DescribeLimit(PropertyInfo property, double limit) =>
        property.PropertyType == typeof(TimeSpan) || property.PropertyType == typeof(TimeSpan?)
            ? TimeSpan.FromSeconds(limit).ToString("c", CultureInfo.InvariantCulture)
            : limit.ToString("0", CultureInfo.InvariantCulture);
}
