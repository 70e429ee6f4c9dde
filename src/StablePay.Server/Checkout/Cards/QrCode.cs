using System.Text;
using QRCoder;
using StablePay.Server.Pages;

namespace StablePay.Server.Checkout.Cards;

/// <summary>A QR code as one stroked path: no picture to load, and small enough for the page's budget.</summary>
internal static class QrCode
{
    /// <summary>The generator's own margin; the page's white card is the quiet zone.</summary>
    private const int Margin = 4;

    public static Html Render(string value, string label)
    {
        using var generator = new QRCodeGenerator();
        using var code = generator.CreateQrCode(value, QRCodeGenerator.ECCLevel.M);
        var size = code.ModuleMatrix.Count - (2 * Margin);
        var path = new StringBuilder();
        for (var y = 0; y < size; y++)
            AppendRow(path, code.ModuleMatrix[y + Margin], y, size);
        return Html.Of(
            $"""
            <div class="qr"><svg viewBox="0 0 {size} {size}" role="img" aria-label="{label}"><path d="{Html.Trusted(
                path.ToString()
            )}"/></svg></div>
            """
        );
    }

    private static void AppendRow(StringBuilder path, System.Collections.BitArray row, int y, int size)
    {
        var drawn = -1;
        for (var x = 0; x < size; x++)
        {
            if (!row[x + Margin])
                continue;
            var end = x;
            while (end < size && row[end + Margin])
                end++;
            if (drawn < 0)
                path.Append(CultureInfo.InvariantCulture, $"M{x} {y}.5h{end - x}");
            else
                path.Append(CultureInfo.InvariantCulture, $"m{x - drawn} 0h{end - x}");
            (drawn, x) = (end, end);
        }
    }
}
