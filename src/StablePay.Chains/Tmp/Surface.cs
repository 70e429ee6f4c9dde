// Stands in until the branch that owns these types is merged: whoever brings the real ones deletes this file.
#pragma warning disable

using StablePay.Core.Networks;
using StablePay.Core.Money;
namespace StablePay.Chains {
public interface IAddressFilter { bool MayContain(ReadOnlySpan<byte> address); }
public interface IChain {
    Network Network { get; }
    Task ProbeAsync(CancellationToken ct);
    Task<long> HeadAsync(CancellationToken ct);
    Task<BlockRef?> FinalizedAsync(CancellationToken ct);
    Task<BlockHeader?> HeaderAtAsync(long height, CancellationToken ct);
    Task<BlockTransfers> TransfersAsync(BlockHeader block, IAddressFilter ours, CancellationToken ct);
    bool TryReadAddress(string text, out byte[] raw);
}
public class NodeException(string message, Exception? inner = null) : Exception(message, inner);
public class WrongNetworkException(string message) : Exception(message);
public interface IAddressDeriver { string Scheme {get;} string AddressAt(long index); }
}
namespace StablePay.Chains.Sandbox {
public sealed record SandboxPayOrder(Token Token, UInt128 Atoms, string From, string To);
public sealed class SandboxChain { public Task<string> PayAsync(SandboxPayOrder o, CancellationToken ct) => throw new NotSupportedException(); }
}
