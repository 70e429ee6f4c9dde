using StablePay.Core.Money;

namespace StablePay.Testing.Nodes;

/// <summary>A payment of the node's own payer.</summary>
public sealed record NodePayment(Token Token, UInt128 Atoms, string To);

/// <summary>
/// Solana's runtime (surfpool) behind blocks, slots and forks that tests/solana-node emulates. What transactions do to
/// accounts is the runtime's own doing; no public cluster has seen it.
/// </summary>
public sealed class SolanaNode : NodeProgram
{
    private SolanaNode((System.Diagnostics.Process, System.Text.Json.JsonElement) started)
        : base(started) { }

    /// <summary>Differs with every start.</summary>
    public string GenesisHash => Told.GetProperty("genesis").GetString()!;

    /// <summary>Who pays, and makes tokens.</summary>
    public string Payer => Told.GetProperty("payer").GetString()!;

    /// <param name="final">How many blocks the finalized one is behind the head.</param>
    public static async Task<SolanaNode> StartAsync(int final = 31) =>
        new(await RunAsync("solana-node", "--final", Text(final)));

    /// <summary>Puts a mint at an address.</summary>
    /// <param name="program">The Token program, if none is named.</param>
    public Task MintAsync(string mint, int decimals, string? program = null) =>
        ControlAsync(
            "mint",
            program is null
                ? new { mint, decimals }
                : new
                {
                    mint,
                    decimals,
                    program,
                }
        );

    /// <summary>Makes tokens for a wallet.</summary>
    public Task<string> MakeAsync(Token token, string to, UInt128 atoms) =>
        SendAsync(
            "make",
            new
            {
                mint = token.Contract,
                to,
                atoms = $"{atoms}",
            }
        );

    /// <summary>Sends one transaction with all of them; it is in no block before the next one is mined.</summary>
    /// <param name="fails">Whether its last instruction asks for more than there is.</param>
    /// <param name="version">0 or 1.</param>
    /// <param name="lookup">Whether it finds its accounts in a lookup table.</param>
    /// <returns>Its signature.</returns>
    public Task<string> PayAsync(
        IEnumerable<NodePayment> payments,
        bool fails = false,
        int version = 0,
        bool lookup = false
    ) =>
        SendAsync(
            "pay",
            new
            {
                list = payments.Select(p => new
                {
                    mint = p.Token.Contract,
                    decimals = p.Token.Decimals,
                    to = p.To,
                    atoms = $"{p.Atoms}",
                }),
                fails,
                version,
                lookup,
            }
        );

    /// <summary>The wallet of this name.</summary>
    public async Task<string> WalletAsync(string name) =>
        (await ControlAsync("address", new { name })).GetProperty("address").GetString()!;

    /// <summary>Pays the wallet of this name, which gives a part back in the same transaction.</summary>
    public Task<string> ThroughAsync(Token token, string name, UInt128 atoms, UInt128 back) =>
        SendAsync(
            "through",
            new
            {
                mint = token.Contract,
                decimals = token.Decimals,
                name,
                atoms = $"{atoms}",
                back = $"{back}",
            }
        );

    /// <summary>The wallet of this name makes another the owner of its account, with all that is in it.</summary>
    public Task<string> GiveAwayAsync(Token token, string name, string to) =>
        SendAsync(
            "giveAway",
            new
            {
                mint = token.Contract,
                name,
                to,
            }
        );

    /// <summary>Pays into a new account of the owner that is not the associated one.</summary>
    public Task<string> PayElsewhereAsync(Token token, string to, UInt128 atoms) =>
        SendAsync(
            "payElsewhere",
            new
            {
                mint = token.Contract,
                decimals = token.Decimals,
                to,
                atoms = $"{atoms}",
                name = "elsewhere",
            }
        );

    /// <summary>The wallet of this name sends what it has and closes its account.</summary>
    public Task<string> CloseAsync(Token token, string name, string to, UInt128 atoms) =>
        SendAsync(
            "close",
            new
            {
                mint = token.Contract,
                name,
                to,
                atoms = $"{atoms}",
            }
        );

    private async Task<string> SendAsync(string what, object order) =>
        (await ControlAsync(what, order)).GetProperty("signature").GetString()!;
}
