using System.Net;
using StablePay.Chains;
using StablePay.Chains.Evm;
using StablePay.Chains.Keys;
using StablePay.Chains.Sandbox;
using StablePay.Chains.Solana;
using StablePay.Chains.Tron;
using StablePay.Engine.Quorums;
using StablePay.Engine.Rates;
using StablePay.Engine.Rates.Pegs;
using StablePay.Engine.Watching;
using StablePay.Engine.Webhooks;
using StablePay.Storage;

namespace StablePay.Engine;

/// <summary>Makes an engine of real parts from the host's settings.</summary>
public static class EngineStart
{
    /// <exception cref="EngineRefusedException">It must not start; the message says why, for the operator.</exception>
    public static async Task<Engine> OpenAsync(
        EngineSettings settings,
        TimeProvider clock,
        Dice dice,
        Action<string> alert,
        CancellationToken ct
    )
    {
        var vault = OpenVault(settings.Keys, dice);
        Database database;
        try
        {
            var options = new DatabaseOptions(settings.DatabaseProvider, settings.DatabaseConnection);
            database = await Database.OpenAsync(options, clock, ct);
        }
        catch (StartupRefusedException refused)
        {
            vault.Dispose();
            throw new EngineRefusedException(refused.Message, refused);
        }
        var http = new HttpClient(
            new SocketsHttpHandler
            {
                AutomaticDecompression = DecompressionMethods.All,
                AllowAutoRedirect = false,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            }
        );
        var sandboxes = SandboxesOf(settings, database, clock, dice);
        var (live, quorums) = LiveOf(settings, http);
        IChain[] chains = [.. sandboxes.Values.OrderBy(c => c.Network.Id.Value, StringComparer.Ordinal), .. live];
        var derivers = DeriversOf(chains, settings.Keys, vault);
        var parts = new EngineParts
        {
            Database = database,
            Clock = clock,
            Dice = dice,
            Owner = new IdSource(dice).Next("proc_", clock.Now),
            PublicUrl = settings.PublicUrl,
            Chains = chains,
            Sandboxes = sandboxes,
            Derivers = derivers,
            Quorums = quorums,
            Mark = new HighWaterFile(settings.HighWaterPath),
            Secrets = vault.Secrets,
            Egress = new EgressPolicy(
                EgressPolicy.Production.Ports.Concat(settings.ExtraWebhookPorts).ToHashSet(),
                settings.AllowLoopbackForTestMode
            ),
            Rates = RateBook.Of(database, http, settings.ReadRates, clock),
            ReconcileEvery = settings.ReconcileEvery,
            Pegs = PegBook.Of(database.Rates, http, settings.ReadRates, settings.Peg, clock, alert),
            Alert = alert,
            Note = settings.Note,
            Owned = [vault, http, .. derivers.Values.Distinct().OfType<IDisposable>()],
        };
        var engine = new Engine(parts);
        await engine.StartAsync(ct);
        return engine;
    }

    /// <summary>Opens the vault that there is.</summary>
    internal static SeedVault OpenVault(KeySettings keys) =>
        Refusing(keys, () => SeedVault.Open(keys.VaultPath, keys.Passphrase));

    private static SeedVault OpenVault(KeySettings keys, Dice dice) =>
        File.Exists(keys.VaultPath)
            ? OpenVault(keys)
            : Refusing(
                keys,
                () =>
                    SeedVault.Create(
                        keys.VaultPath,
                        keys.Passphrase,
                        "stablepay",
                        dice.Fill,
                        new KdfSettings(keys.MemoryKib, keys.Passes)
                    )
            );

    private static SeedVault Refusing(KeySettings keys, Func<SeedVault> open)
    {
        try
        {
            return open();
        }
        catch (VaultException e)
        {
            throw new EngineRefusedException($"The vault {keys.VaultPath} does not open: {e.Message}", e);
        }
    }

    private static Dictionary<NetworkId, SandboxChain> SandboxesOf(
        EngineSettings settings,
        Database database,
        TimeProvider clock,
        Dice dice
    )
    {
        if (settings.Sandbox is not { } sandbox)
            return [];
        var rows = new SandboxRows(database.Sandbox);
        return Chains
            .Networks.Sandbox(sandbox.BlockTime, sandbox.Confirmations)
            .ToDictionary(n => n.Id, n => ChainFamilies.Sandbox(n, rows, dice, clock));
    }

    private static (List<IChain> Chains, Dictionary<NetworkId, Quorum> Quorums) LiveOf(
        EngineSettings settings,
        HttpClient http
    )
    {
        var chains = new List<IChain>();
        var quorums = new Dictionary<NetworkId, Quorum>();
        foreach (var network in settings.Networks)
        {
            var mistakes = new List<string>();
            var config = network.ToConfig();
            if (config.ToNetwork(mistakes) is not { } known)
                throw new EngineRefusedException(string.Join(' ', mistakes));
            chains.Add(ChainFamilies.Live(known, config, http));
            if (config.Quorum is { } rule)
                quorums[known.Id] = new Quorum(
                    rule,
                    [.. config.Nodes.Select((_, i) => SourceOf(known, config, i, http))]
                );
        }
        return (chains, quorums);
    }

    /// <summary>A reader that asks one node and never another.</summary>
    private static NodeSource SourceOf(Network network, NetworkConfig config, int node, HttpClient http)
    {
        var url = config.Nodes[node];
        var name = string.Create(CultureInfo.InvariantCulture, $"node {node + 1} ({url.Host})");
        return new NodeSource(name, ChainFamilies.Live(network, config with { Nodes = [url] }, http));
    }

    private static Dictionary<NetworkId, IAddressDeriver> DeriversOf(
        IEnumerable<IChain> chains,
        KeySettings keys,
        SeedVault vault
    )
    {
        string AccountOf(string? given, uint coin) => given ?? vault.Seed.AccountPublicKey(coin, 0);
        IAddressDeriver? evm = null;
        IAddressDeriver? tron = null;
        IAddressDeriver? solana = null;
        var derivers = new Dictionary<NetworkId, IAddressDeriver>();
        foreach (var chain in chains)
        {
            derivers[chain.Network.Id] = chain.Network.Family switch
            {
                ChainFamily.Sandbox => new SandboxDeriver(chain.Network.Id),
                ChainFamily.Evm => evm ??= new AddressesAhead(
                    new EvmDeriver(EvmDeposits.FromAccountKey(AccountOf(keys.AccountKey, EvmDeposits.CoinType)))
                ),
                ChainFamily.Tron => tron ??= new AddressesAhead(
                    new TronDeriver(EvmDeposits.FromAccountKey(AccountOf(keys.TronAccountKey, TronAddress.CoinType)))
                ),
                ChainFamily.Solana => solana ??= SolanaOf(keys, vault),
            };
        }
        return derivers;
    }

    /// <summary>Addresses that were made elsewhere, or those of the vault's own seed.</summary>
    private static IAddressDeriver SolanaOf(KeySettings keys, SeedVault vault)
    {
        if (keys.SolanaAddressFile is not { } file)
            return new AddressesAhead(new SolanaDeriver(vault.Seed.Ed25519KeyAt(SolanaDeriver.Path)));
        try
        {
            return SolanaAddressList.Read(file);
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new EngineRefusedException($"Keys:SolanaAddressFile: {e.Message}", e);
        }
    }
}
