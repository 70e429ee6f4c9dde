using System.Net;

namespace StablePay.Engine.Access;

/// <summary>What authentication looks at. A header that stands twice is given as <see cref="Doubled"/> (API-12).</summary>
public readonly ref struct SignedRequest(
    string? timestamp,
    string? nonce,
    string? signature,
    IPAddress? address,
    ReadOnlySpan<byte> body
)
{
    /// <summary>
    /// Stands for a header with several values: fits no rule, so it is refused by the rule of its header.
    /// </summary>
    public const string Doubled = "\n";

    public string? Timestamp { get; } = timestamp;
    public string? Nonce { get; } = nonce;
    public string? Signature { get; } = signature;
    public IPAddress? Address { get; } = address;

    /// <summary>The raw bytes as they came (API-03).</summary>
    public ReadOnlySpan<byte> Body { get; } = body;
}
