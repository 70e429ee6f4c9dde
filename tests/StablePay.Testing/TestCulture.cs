using System.Globalization;
using System.Runtime.CompilerServices;

// Compiled into every test assembly (tests/Directory.Build.props): an assembly's initializer runs when that assembly is
// first used, and a test assembly need not use StablePay.Testing at all.
namespace StablePay.Testing;

/// <summary>
/// Puts the whole test run under the culture that STABLEPAY_TEST_CULTURE names. LANG alone would not do: it does not reach
/// threads whose culture is already set, and an unknown name falls back to the invariant culture in silence.
/// </summary>
internal static class TestCulture
{
    public const string Variable = "STABLEPAY_TEST_CULTURE";

    /// <summary>The culture that was asked for, or null.</summary>
    public static string? Wanted => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } name ? name : null;

    // CA2255 warns of libraries that surprise their user; here the user is this test run.
#pragma warning disable CA2255
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Apply()
    {
        if (Wanted is not { } name)
            return;
        var culture = new CultureInfo(name);
        // Without ICU's data every culture is the invariant one under another name, and the run would prove nothing.
        if (
            new CultureInfo("fa-IR").NumberFormat.NumberDecimalSeparator
            == CultureInfo.InvariantCulture.NumberFormat.NumberDecimalSeparator
        )
            throw new InvalidOperationException("This machine has no culture data: install libicu.");
        CultureInfo.DefaultThreadCurrentCulture = culture;
        CultureInfo.DefaultThreadCurrentUICulture = culture;
        CultureInfo.CurrentCulture = culture;
        CultureInfo.CurrentUICulture = culture;
    }
}
