using Xunit.v3;

namespace StablePay.Testing;

/// <summary>
/// What takes long: it draws thousands of inputs, kills processes, or starts a node or a browser. `./test` runs it once, under
/// the culture that is most unlike ours, and repeats only the rest under the others (`./test --all-cultures` repeats all).
/// Compiled into every test program (tests/Directory.Build.props), as it belongs to xunit.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly | AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class HeavyAttribute : Attribute, ITraitAttribute
{
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Cost", "heavy")];
}
