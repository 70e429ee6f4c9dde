using StablePay.Chains.Keys;
using StablePay.Chains.Solana;

namespace StablePay.Bench.Blocks;

/// <summary>Transactions of Solana as <c>getBlock</c> tells them, with the members and sizes of main-net answers.</summary>
internal sealed class SolanaShape
{
    private readonly Random _dice;

    /// <summary>Addresses come again: the same exchanges and wallets are in many transactions.</summary>
    private readonly string[] _people;

    public SolanaShape(Random dice)
    {
        _dice = dice;
        _people = [.. Enumerable.Range(0, 4_000).Select(_ => Text(32))];
    }

    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _dice.NextBytes(bytes);
        return bytes;
    }

    public string Text(int count) => Base58.Encode(Bytes(count));

    /// <summary>Votes name no token account, plain transfers two, exchanges of tokens fourteen.</summary>
    public string Transactions(int votes, int transfers, int exchanges) =>
        string.Join(
            ',',
            (string[])
                [
                    .. Enumerable.Range(0, votes).Select(_ => Transaction(4, 0)),
                    .. Enumerable.Range(0, transfers).Select(_ => Transaction(7, 2)),
                    .. Enumerable.Range(0, exchanges).Select(_ => Transaction(40, 14)),
                ]
        );

    /// <summary>A transfer of a token to an owner's account, which held nothing before.</summary>
    public string Payment(string owner, string mint, string account, ulong atoms)
    {
        var from = Somebody();
        return Told(
            [from, account, .. Enumerable.Range(0, 5).Select(_ => Somebody())],
            $"[{Balance(0, mint, from, 1_000_000_000_000)}]",
            $"[{Balance(0, mint, from, 1_000_000_000_000 - atoms)},{Balance(1, mint, owner, atoms)}]"
        );
    }

    private string Somebody() => _people[_dice.Next(_people.Length)];

    private string Transaction(int keys, int balances) =>
        Told(
            [.. Enumerable.Range(0, keys).Select(_ => Somebody())],
            List(balances, i => Balance(i, Somebody(), Somebody(), 1_500_000)),
            List(balances, i => Balance(i, Somebody(), Somebody(), 1_500_000))
        );

    private string Told(IReadOnlyList<string> keys, string before, string after) =>
        $$"""
            {"meta":{"err":null,"fee":5000,"postBalances":{{Lamports(keys.Count)}},"postTokenBalances":{{after}},"preBalances":{{Lamports(
                keys.Count
            )}},"preTokenBalances":{{before}},"status":{"Ok":null} },"transaction":{"accountKeys":{{List(
                keys.Count,
                i => $$"""{"pubkey":"{{keys[i]}}","signer":false,"source":"transaction","writable":true}"""
            )}},"signatures":["{{Text(64)}}"]},"version":0}
            """;

    private string Lamports(int count) => List(count, _ => $"{_dice.Next()}");

    private static string Balance(int account, string mint, string owner, ulong atoms) =>
        $$"""
            {"accountIndex":{{account}},"mint":"{{mint}}","owner":"{{owner}}","programId":"{{SolanaPrograms.Token}}","uiTokenAmount":{"amount":"{{atoms}}","decimals":6,"uiAmount":1.5,"uiAmountString":"1.5"} }
            """;

    private static string List(int count, Func<int, string> of) =>
        "[" + string.Join(',', Enumerable.Range(0, count).Select(of)) + "]";
}
