using StablePay.Engine.Watching;
using StablePay.Storage;

namespace StablePay.Engine.Checkout;

/// <summary>
/// Before a payer sees an address, four things must be the same one (PAY-12): what the deriver or its pool gave, what a
/// second derivation on other code comes to, what the watchers look for, and what stands in the database. Where they
/// are not, nothing is shown, the operator hears the index, and the index is lost: none is ever handed out twice.
/// </summary>
/// <param name="alert">Takes a sentence for the operator.</param>
public sealed class AddressCheck(
    DepositAddresses addresses,
    AddressBooks books,
    Database database,
    Action<string> alert
)
{
    /// <summary>
    /// Starts watching the address, before its row is committed (PAY-18), and says whether it is the one that is
    /// derived a second time and the one that is watched.
    /// </summary>
    public bool IsSame(Choice choice)
    {
        if (!books.TryRead(choice, out var raw))
            return Fail(choice, "cannot be read back as an address of the network");
        if (addresses.AgainAt(choice) is { } again && !again.AsSpan().SequenceEqual(raw))
            return Fail(choice, $"is {Hex(again)} when it is derived again");
        books.Watch(choice.Token.Network, choice.Address);
        return books.IsWatched(choice.Token.Network, raw) || Fail(choice, "is not what the watchers look for");
    }

    /// <summary>
    /// Reads back what was committed. What is not the choice is taken out of the session again before anybody sees it.
    /// </summary>
    public async Task<bool> IsWrittenAsync(SessionId id, Choice choice, CancellationToken ct)
    {
        var session = await database.Sessions.FindAsync(id, ct);
        var row = await database.Addresses.FindAsync(books.SpaceOf(choice.Token.Network), choice.Address, ct);
        if (
            session?.Choices.Contains(choice) == true
            && row is not null
            && (row.Session, row.Index) == (id, choice.AddressIndex)
        )
            return true;
        await Attempts.RunAsync(
            database.Commits,
            async () =>
                await database.Sessions.FindAsync(id, ct) is { } written
                && written.Without(choice.Token) is { } without
                && without != written
                    ? (true, new Commit().Update(written, without))
                    : (true, null),
            ct
        );
        return Fail(choice, "is not what stands in the database");
    }

    private bool Fail(Choice choice, string what)
    {
        alert(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{choice.Token.Network}: the address {choice.Address} of index {choice.AddressIndex} {what}. "
                    + $"It was not shown, and the index is not used again. Something is wrong with the keys, this program "
                    + $"or the machine: look before you take more payments."
            )
        );
        return false;
    }

    private static string Hex(byte[] raw) => "0x" + Convert.ToHexStringLower(raw);
}
