using System.Collections.Concurrent;
using StablePay.Chains;

namespace StablePay.Engine.Watching;

/// <summary>
/// Derives a session's address on a network. Address spaces end; the operator hears of it while
/// there is time to make more.
/// </summary>
/// <param name="alert">Takes a sentence for the operator.</param>
public sealed class DepositAddresses(
    IReadOnlyDictionary<NetworkId, IAddressDeriver> derivers,
    AddressIndexes indexes,
    Action<string> alert
)
{
    /// <summary>From so few addresses on the operator is told, and again with every hundred.</summary>
    private const long Few = 1_000;

    private readonly ConcurrentDictionary<string, long> _hundredsTold = [];

    /// <summary>
    /// The choice of a token: with the address that the session already has in this address space, or a new one. Null
    /// if the address space is used up.
    /// </summary>
    public async Task<Choice?> ForAsync(CheckoutSession session, Token token, CancellationToken ct)
    {
        var deriver = derivers[token.Network];
        var earlier = session.Choices.FirstOrDefault(c => derivers[c.Token.Network].Scheme == deriver.Scheme);
        if (earlier is not null)
            return new Choice(token, earlier.Address, earlier.AddressIndex);
        var next = await indexes.NextAsync(deriver.Scheme, deriver.End, ct);
        Tell(deriver.Scheme, next is { } at ? deriver.End - at - 1 : 0);
        return next is { } index ? new Choice(token, deriver.AddressAt(index), index) : null;
    }

    /// <inheritdoc cref="IAddressDeriver.AgainAt"/>
    public byte[]? AgainAt(Choice choice) => derivers[choice.Token.Network].AgainAt(choice.AddressIndex);

    /// <summary>Makes addresses ready where that is costly. Called now and then, never while somebody waits.</summary>
    public async Task RefillAsync(CancellationToken ct)
    {
        foreach (var deriver in derivers.Values.Distinct())
            if (deriver is IAddressPool pool)
                pool.Refill(await indexes.FirstLeftAsync(deriver.Scheme, ct));
    }

    private void Tell(string scheme, long left)
    {
        var hundreds = (left + 99) / 100;
        if (left >= Few || (_hundredsTold.TryGetValue(scheme, out var told) && told <= hundreds))
            return;
        _hundredsTold[scheme] = hundreds;
        alert(
            left == 0
                ? $"The addresses of {scheme} are used up: payments on it are refused until there are more."
                : $"Only {left} addresses of {scheme} are left; make more before they are used up."
        );
    }
}
