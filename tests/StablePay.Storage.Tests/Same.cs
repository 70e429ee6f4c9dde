using System.Collections;
using System.Text;

namespace StablePay.Storage.Tests;

/// <summary>Compares by every value inside, whatever kinds of list hold them.</summary>
internal static class Same
{
    public static void ShouldBeSameAs<T>(this T? actual, T? expected) => Dump(actual).ShouldBe(Dump(expected));

    public static string Dump(object? value)
    {
        var text = new StringBuilder();
        Write(text, value, "");
        return text.ToString();
    }

    private static void Write(StringBuilder text, object? value, string path)
    {
        if (value is IEnumerable list and not string)
        {
            var index = 0;
            foreach (var item in list)
                Write(text, item, $"{path}[{index++}]");
            text.Append(CultureInfo.InvariantCulture, $"{path}.Count={index}\n");
        }
        else if (
            value is not null
            && value.GetType() is { } type
            && type != typeof(string)
            && !type.IsEnum
            && (
                type.Namespace!.StartsWith("StablePay", StringComparison.Ordinal)
                || type.Name.StartsWith("KeyValuePair", StringComparison.Ordinal)
            )
        )
        {
            foreach (
                var property in type.GetProperties()
                    .Where(p => !p.GetGetMethod()!.IsStatic && p.GetIndexParameters().Length == 0)
            )
            {
                if (property.PropertyType != type)
                    Write(text, property.GetValue(value), $"{path}.{property.Name}");
            }
        }
        else
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{path}={(value is byte[] bytes ? Convert.ToHexString(bytes) : value ?? "null")}\n"
            );
        }
    }
}
