using System.Text;
using StablePay.Chains;
using StablePay.Chains.Rpc;
using StablePay.Chains.Solana;
using StablePay.Core.Money;
using StablePay.Core.Networks;

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

    /// <summary>Differs with every start, if none was wished for.</summary>
    public string GenesisHash => Told.GetProperty("genesis").GetString()!;

    /// <summary>Who pays, and makes tokens.</summary>
    public string Payer => Told.GetProperty("payer").GetString()!;

    /// <param name="final">How many blocks the finalized one is behind the head.</param>
    /// <param name="genesis">The genesis hash that it tells in place of its own.</param>
    public static async Task<SolanaNode> StartAsync(int final = 31, string? genesis = null) =>
        new(await RunAsync("solana-node", "--final", Text(final), "--genesis", genesis ?? ""));

    /// <summary>A network with the catalogue's two mints, of which the node's payer holds plenty.</summary>
    public async Task<Network> MakeTokensAsync()
    {
        var network = new NetworkConfig(new($"solana:{GenesisHash[..32]}"), [Url])
        {
            Name = "Solana's runtime",
            GenesisHash = GenesisHash,
            Tokens = [.. Networks.Solana.Tokens.Select(t => new TokenConfig(t.Asset.Code, t.Contract, t.Decimals))],
        }.ToNetwork([]);
        foreach (var token in network?.Tokens ?? throw new InvalidOperationException("the options are right"))
        {
            await MintAsync(token.Contract, token.Decimals);
            await MakeAsync(token, Payer, 1_000_000_000_000);
        }
        await MineAsync();
        return network;
    }

    /// <summary>A reader of this node.</summary>
    public SolanaChain Reader(Network network, HttpClient http) =>
        new(network, new JsonRpc(http, [Url], SolanaChain.Limits), GenesisHash);

    /// <summary>The private key of the wallet of this name: its letters, then zeros.</summary>
    public static byte[] KeyOf(string name)
    {
        var key = new byte[32];
        Encoding.UTF8.GetBytes(name, key);
        return key;
    }

    /// <summary>Gives the wallet of this name what it pays fees with, and tokens; in the next block.</summary>
    /// <returns>Its address.</returns>
    public async Task<string> FundAsync(string name, Token token, UInt128 atoms)
    {
        await ControlAsync("fund", new { name });
        var wallet = await WalletAsync(name);
        await MakeAsync(token, wallet, atoms);
        return wallet;
    }

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

    /// <summary>The accounts that an executed transaction names, as the runtime tells them.</summary>
    public async Task<IReadOnlyList<string?>> AccountsOfAsync(string signature)
    {
        using var node = new JsonRpcCaller(Url);
        var wish = new { encoding = "json", maxSupportedTransactionVersion = 0 };
        var told = await node.CallAsync("getTransaction", signature, wish);
        var message = told.GetProperty("transaction").GetProperty("message");
        return [.. message.GetProperty("accountKeys").EnumerateArray().Select(k => k.GetString())];
    }

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

    /// <summary>The mint's authority freezes an owner's account, or lets it go again.</summary>
    public Task<string> FreezeAsync(Token token, string owner, bool thaw = false) =>
        SendAsync(
            "freeze",
            new
            {
                mint = token.Contract,
                owner,
                thaw,
            }
        );

    /// <summary>Burns what the owner of a private key holds: no transfer tells of it.</summary>
    public Task<string> BurnAsync(Token token, byte[] key, UInt128 atoms) =>
        SendAsync(
            "burn",
            new
            {
                mint = token.Contract,
                key = Convert.ToHexStringLower(key),
                atoms = $"{atoms}",
            }
        );

    private async Task<string> SendAsync(string what, object order) =>
        (await ControlAsync(what, order)).GetProperty("signature").GetString()!;
}
