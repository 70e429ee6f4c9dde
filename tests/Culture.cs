using System.Globalization;
using System.Runtime.CompilerServices;

namespace StablePay.TestCulture;

/// <summary>
/// Compiled into every test project: STABLEPAY_TEST_CULTURE names the culture that the whole run uses, since a server may
/// stand anywhere (API-22).
/// </summary>
internal static class Culture
{
#pragma warning disable CA2255 // A test assembly is the application here.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Set()
    {
        if (Environment.GetEnvironmentVariable("STABLEPAY_TEST_CULTURE") is not { Length: > 0 } name)
            return;
        var culture = new CultureInfo(name);
        if (culture.NumberFormat.NumberDecimalSeparator == "." && name is "de-DE")
            throw new InvalidOperationException("The culture data (ICU) is missing; install libicu.");
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = culture;
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = culture;
    }
}
