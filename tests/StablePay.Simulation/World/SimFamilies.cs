using StablePay.Chains;
using StablePay.Chains.Evm;
using StablePay.Chains.Keys;
using StablePay.Testing.Nodes;

namespace StablePay.Simulation.World;

/// <summary>A movement to make.</summary>
/// <param name="Contract">A pinned token's, or another's that only pretends.</param>
internal sealed record Movement(string Contract, string From, string To, UInt128 Atoms);

/// <summary>What differs between the families: how nodes speak, and how transactions and movements are named.</summary>
internal static class SimFamilies
{
    public static StubServer Stub(SimNetwork network, StubChain view)
    {
        var tokens = network.Network.Tokens;
        switch (network.Network.Family)
        {
            case ChainFamily.Evm:
                var evm = new StubNode(view)
                {
                    ChainId = long.Parse(network.Network.Id.Value.Split(':')[1], CultureInfo.InvariantCulture),
                };
                foreach (var token in tokens)
                    evm.Decimals[token.Contract] = token.Decimals;
                return evm;
            case ChainFamily.Tron:
                var tron = new TronStubNode(view);
                foreach (var token in tokens)
                    tron.Decimals[token.Contract] = token.Decimals;
                return tron;
            case ChainFamily.Solana:
                var solana = new SolanaStubNode(view);
                foreach (var token in tokens)
                    solana.Mints[token.Contract] = new StubMint(
                        Chains.Solana.SolanaPrograms.Token.ToString(),
                        token.Decimals
                    );
                return solana;
            default:
                throw new InvalidOperationException($"no nodes for {network.Network.Family}");
        }
    }

    public static string? GenesisOf(SimNetwork network) =>
        network.Network.Family switch
        {
            ChainFamily.Evm => network.Truth.Blocks[0].Hash,
            ChainFamily.Tron => TronStubNode.IdOf(network.Truth.Blocks[0]),
            _ => null,
        };

    /// <summary>A transaction that moves this, in this order.</summary>
    /// <param name="name">Makes its hash; no two transactions have the same.</param>
    public static SimTransaction Transaction(
        Network network,
        string name,
        IReadOnlyList<Movement> movements,
        bool succeeds = true
    )
    {
        var told = network.Family switch
        {
            ChainFamily.Evm => StubTransaction.Of(
                name,
                [.. movements.Select(m => StubLog.Transfer(m.Contract, m.From, m.To, m.Atoms))]
            ),
            ChainFamily.Tron => StubTransaction.Of(
                name,
                [.. movements.Select(m => TronStubNode.Transfer(m.Contract, m.From, m.To, m.Atoms))]
            ),
            _ => SolanaStubNode.Transfer(
                name,
                movements[0].From,
                [.. movements.Select(m => new StubPayment(m.Contract, m.To, (ulong)m.Atoms))]
            ),
        };
        // What a reverted transaction has logged is undone with it.
        told = told with
        {
            Succeeded = succeeds,
            Logs = succeeds ? told.Logs : [],
        };
        return new SimTransaction(told, succeeds, succeeds ? [.. TrueOf(network, told, movements)] : []);
    }

    /// <summary>An address that is nobody's of ours.</summary>
    public static string Stranger(ChainFamily family, string name) =>
        family switch
        {
            ChainFamily.Evm => EvmAddress.Parse("0x" + StubTransaction.HashOf(name)[26..]).ToString(),
            ChainFamily.Tron => new Chains.Tron.TronAddress(
                EvmAddress.Parse("0x" + StubTransaction.HashOf(name)[26..])
            ).ToString(),
            _ => SolanaStubNode.AddressOf(name),
        };

    private static IEnumerable<TrueMovement> TrueOf(
        Network network,
        StubTransaction told,
        IReadOnlyList<Movement> movements
    )
    {
        if (network.Family != ChainFamily.Solana)
        {
            var hash = network.Family == ChainFamily.Tron ? TronStubNode.IdOf(told) : told.Hash;
            return movements.Select((m, i) => new TrueMovement(hash, i, m.Contract, m.From, m.To, m.Atoms));
        }
        var signature = SolanaStubNode.SignatureOf(told);
        return movements
            .GroupBy(m => (m.Contract, m.To))
            .Select(g => new TrueMovement(
                signature,
                SolanaStubNode.PositionOf(g.Key.To, g.Key.Contract),
                g.Key.Contract,
                movements[0].From,
                g.Key.To,
                g.Aggregate(UInt128.Zero, (sum, m) => sum + m.Atoms)
            ));
    }

    /// <summary>What the family calls the height of a block: on Solana its slot.</summary>
    public static long HeightOf(SimNetwork network, long height) =>
        network.Network.Family == ChainFamily.Solana ? SolanaStubNode.UsualSlotOf(height) : height;

    /// <summary>The block of the true chain with this height and hash in the family's terms; null if it is not on it.</summary>
    public static StubBlock? CanonicalAt(SimNetwork network, long height, string hash)
    {
        return network.Truth.At(IndexOf(network, height)) is { } block && HashOf(network, block) == hash ? block : null;
    }

    /// <summary>The number of the block that the family says is at this height, or of the first above it.</summary>
    public static long IndexOf(SimNetwork network, long height)
    {
        if (network.Network.Family != ChainFamily.Solana)
            return height;
        // Three slots of four hold a block.
        var index = (height - SolanaStubNode.FirstSlot) * 3 / 4;
        while (HeightOf(network, index) < height)
            index++;
        return index;
    }

    /// <summary>A block that is or was on the chain.</summary>
    public static StubBlock? EverAt(SimNetwork network, long height, string hash) =>
        network.EverMade(hash) is { } block && HeightOf(network, block.Height) == height ? block : null;

    public static string HashOf(SimNetwork network, StubBlock block) =>
        network.Network.Family switch
        {
            ChainFamily.Tron => TronStubNode.IdOf(block),
            ChainFamily.Solana => Base58.Encode(Hex.Parse(block.Hash)),
            _ => block.Hash,
        };
}
