namespace StablePay.Core.Ids;

/// <summary>
/// One blockchain by its CAIP-2 id: <c>eip155:1</c>, <c>tron:0x2b6653dc</c>. The sandbox has one network per public
/// one, <c>sandbox:ethereum</c> and so on, so that test and live rows can never be taken for each other.
/// </summary>
public readonly record struct NetworkId(string Value)
{
    public const string SandboxNamespace = "sandbox";

    /// <summary>Whether this is a network of the sandbox, where nothing has worth.</summary>
    public bool IsSandbox => Value.StartsWith(SandboxNamespace + ":", StringComparison.Ordinal);

    public override string ToString() => Value;
}
