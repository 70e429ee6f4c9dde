namespace StablePay.Chains;

/// <summary>What went wrong with a node.</summary>
public enum NodeFault
{
    /// <summary>No answer: refused, timed out, gateway error.</summary>
    Unavailable,

    /// <summary>It asks us to slow down.</summary>
    RateLimited,

    /// <summary>It does not have the block yet that another question proved to exist (EVM-05, EVM-06).</summary>
    Lagging,

    /// <summary>Its answer breaks the protocol or contradicts itself (EVM-14, EVM-18).</summary>
    Malformed,

    /// <summary>Its answer is, or may be, cut off at a cap (EVM-13).</summary>
    Truncated,

    /// <summary>It no longer has the block. The watcher stops at the gap and says so (EVM-17).</summary>
    Pruned,

    /// <summary>
    /// It says that this height has no block, or that it lost it; which of both, only the next block can tell (SOL-11).
    /// </summary>
    Skipped,

    /// <summary>It answered with an error of its own.</summary>
    Refused,
}

/// <summary>
/// A node failed us. Nothing was concluded from it; the cursor stays, and the question is asked again.
/// </summary>
public sealed class NodeException : Exception
{
    public NodeException(string message)
        : this(NodeFault.Malformed, message) { }

    public NodeException(NodeFault fault, string message, Exception? inner = null)
        : base(message, inner) => Fault = fault;

    public NodeFault Fault { get; }
}

/// <summary>
/// The node speaks for another network than the one configured, or a token there is not the pinned one. Not transient:
/// the network halts until an operator has looked.
/// </summary>
public sealed class WrongNetworkException(string sentence) : Exception(sentence);
