using StablePay.Chains;

namespace StablePay.Engine.Offering;

/// <summary>
/// Asks a network's tokens what they say of themselves: at the start, and every hour, in each process that shows pages.
/// A node that is away, or of another network, tells nothing, so nothing changes and it is asked again soon.
/// </summary>
internal sealed class TokenWatch(IChain chain, TokenBook tokens, TimeProvider clock)
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(1);

    private Instant _due;

    /// <summary>Asks if it is time to. Never fails: following the network does not wait for it.</summary>
    public async Task LookAsync(CancellationToken ct)
    {
        if (clock.Now < _due)
            return;
        try
        {
            foreach (var reading in await chain.ReadTokensAsync(ct))
                tokens.Report(chain.Network, reading);
            _due = clock.Now + Every;
        }
        // Who follows the network meets the same fault at its next question, and tells it.
        catch (Exception e) when (e is NodeException or WrongNetworkException)
        {
            _due = clock.Now + Again;
        }
    }
}
