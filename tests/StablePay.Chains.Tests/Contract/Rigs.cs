using Microsoft.Extensions.Time.Testing;
using StablePay.Chains.Evm;
using StablePay.Chains.Rpc;
using StablePay.Chains.Sandbox;
using StablePay.Chains.Solana;
using StablePay.Chains.Tests.Evm;
using StablePay.Chains.Tests.Solana;
using StablePay.Chains.Tests.Tron;
using StablePay.Chains.Tron;
using StablePay.Core.Networks;
using StablePay.Core.Primitives;
using StablePay.Testing.Nodes;

namespace StablePay.Chains.Tests.Contract;

/// <summary>The sandbox on a clock of the test.</summary>
public sealed class SandboxContract : ChainContract
{
    protected override Task<ChainRig> OpenAsync() => Task.FromResult<ChainRig>(new Rig());

    private sealed class Rig : ChainRig
    {
        private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
        private readonly MemorySandboxStore _store = new();
        private readonly Network _network = Networks.Sandbox(TimeSpan.FromSeconds(1), 4)[1];
        private readonly SandboxChain _chain;

        public Rig() => _chain = (SandboxChain)Another();

        public override IChain Chain => _chain;

        public override IChain Another() => new SandboxChain(_network, _store, new SeededDice(7), _clock);

        public override string AddressOf(int index) => SandboxAddress.At(_network.Id, index);

        public override Task<string> PayAsync(bool reverted, params IReadOnlyList<Payment> payments) =>
            _chain.PayAsync(
                [.. payments.Select(p => new SandboxPayOrder(p.Token, p.Atoms, "sandbox1testwallet", p.To))],
                new SandboxFate { Reverted = reverted },
                default
            );

        public override Task MineAsync(int blocks = 1)
        {
            _clock.Advance(_network.BlockTime * blocks);
            return Task.CompletedTask;
        }

        public override Task ReorgAsync(int depth, bool drop) => _chain.ReorgAsync(depth, drop, default);
    }
}

/// <summary>The simulated chain that other tests build on keeps the same promises.</summary>
public sealed class SimContract : ChainContract
{
    protected override Task<ChainRig> OpenAsync() => Task.FromResult<ChainRig>(new Rig());

    private sealed class Rig : ChainRig
    {
        private readonly SimChain _chain = new(
            Networks.Sandbox(TimeSpan.FromSeconds(1), 4)[1],
            Instant.FromUnixSeconds(1_800_000_000)
        );
        private readonly List<SimTransaction> _pending = [];

        public override IChain Chain => _chain;

        public override IChain Another() => _chain;

        public override string AddressOf(int index) => SandboxAddress.At(_chain.Network.Id, index);

        public override Task<string> PayAsync(bool reverted, params IReadOnlyList<Payment> payments)
        {
            var made = _chain.Transaction([.. payments.Select(p => new SimTransfer(p.Token, p.Atoms, p.To))]);
            _pending.Add(made with { Reverted = reverted });
            return Task.FromResult(made.Hash);
        }

        public override Task MineAsync(int blocks = 1)
        {
            for (var i = 0; i < blocks; i++)
            {
                _chain.MineTransactions([.. _pending]);
                _pending.Clear();
            }
            return Task.CompletedTask;
        }

        public override Task ReorgAsync(int depth, bool drop)
        {
            _chain.Reorg(depth, drop ? SimReorg.Drop : SimReorg.Move);
            return Task.CompletedTask;
        }

        public override bool TryLag(int blocks)
        {
            _chain.SetLag(blocks);
            return true;
        }
    }
}

/// <summary>What rigs over a stub of a node share: its chain makes the blocks, whatever the node speaks.</summary>
public abstract class StubRig(IAsyncDisposable node, StubChain chain) : ChainRig
{
    private readonly List<StubTransaction> _pending = [];
    private int _sent;

    protected HttpClient Http { get; } = new();

    /// <summary>A transaction for the next block.</summary>
    protected StubTransaction Add(bool reverted, params StubLog[] logs) =>
        Add(reverted, name => StubTransaction.Of(name, logs));

    /// <summary>A transaction for the next block, made from a name that no other has.</summary>
    protected StubTransaction Add(bool reverted, Func<string, StubTransaction> make)
    {
        var made = make($"sent {++_sent}") with { Succeeded = !reverted };
        _pending.Add(made);
        return made;
    }

    public override Task MineAsync(int blocks = 1)
    {
        for (var i = 0; i < blocks; i++)
        {
            chain.Mine([.. _pending]);
            _pending.Clear();
        }
        return Task.CompletedTask;
    }

    public override Task ReorgAsync(int depth, bool drop)
    {
        var lost = chain.Cut(depth).SelectMany(b => b.Transactions).ToList();
        chain.Mine(drop ? [] : lost);
        for (var i = 1; i < depth; i++)
            chain.Mine();
        return Task.CompletedTask;
    }

    protected override async ValueTask CloseAsync()
    {
        Http.Dispose();
        await node.DisposeAsync();
    }
}

/// <summary>The EVM reader on a stub that speaks JSON-RPC: on Ethereum's catalogue entry, with its two tokens.</summary>
public sealed class EvmStubContract : ChainContract
{
    protected override Task<ChainRig> OpenAsync() => Task.FromResult<ChainRig>(new Rig());

    private sealed class Rig : StubRig
    {
        private readonly StubNode _node;

        public Rig()
            : this(new StubNode()) { }

        private Rig(StubNode node)
            : base(node, node.Chain)
        {
            _node = node;
            foreach (var token in Networks.Ethereum.Tokens)
                _node.Decimals[token.Contract] = token.Decimals;
            Chain = Another();
        }

        public override IChain Chain { get; }

        public override IChain Another() =>
            new EvmChain(
                Networks.Ethereum,
                new JsonRpc(Http, [_node.Url], RpcLimits.Default),
                _node.Chain.Blocks[0].Hash,
                bloomExcludes: true
            );

        public override string AddressOf(int index) => EvmStub.AddressOf(index);

        public override Task<string> PayAsync(bool reverted, params IReadOnlyList<Payment> payments)
        {
            var logs = payments.Select(p => StubLog.Transfer(p.Token.Contract, EvmStub.Payer, p.To, p.Atoms)).ToArray();
            return Task.FromResult(Add(reverted, reverted ? [] : logs).Hash);
        }

        public override bool TryLag(int blocks)
        {
            _node.Lag = blocks;
            return true;
        }
    }
}

/// <summary>The TRON reader on a stub that speaks the full nodes' HTTP API, on the catalogue's entry.</summary>
public sealed class TronStubContract : ChainContract
{
    protected override Task<ChainRig> OpenAsync() => Task.FromResult<ChainRig>(new Rig());

    private sealed class Rig : StubRig
    {
        private readonly TronStubNode _node;

        public Rig()
            : this(new TronStubNode()) { }

        private Rig(TronStubNode node)
            : base(node, node.Chain)
        {
            _node = node;
            foreach (var token in Networks.Tron.Tokens)
                _node.Decimals[token.Contract] = token.Decimals;
            Chain = Another();
        }

        public override IChain Chain { get; }

        public override IChain Another() =>
            new TronChain(
                Networks.Tron,
                new TronApi(Http, [new NodeAddress(_node.Url)], RpcLimits.Default),
                _node.GenesisId
            );

        public override string AddressOf(int index) => TronStub.AddressOf(index);

        public override Task<string> PayAsync(bool reverted, params IReadOnlyList<Payment> payments)
        {
            var logs = payments
                .Select(p => TronStubNode.Transfer(p.Token.Contract, TronStub.Payer, p.To, p.Atoms))
                .ToArray();
            return Task.FromResult(TronStubNode.IdOf(Add(reverted, logs)));
        }

        public override bool TryLag(int blocks)
        {
            _node.Lag = blocks;
            return true;
        }
    }
}

/// <summary>The reader of Solana on a stub, whose slots are skipped now and then, on the catalogue's entry.</summary>
public sealed class SolanaStubContract : ChainContract
{
    protected override Task<ChainRig> OpenAsync() => Task.FromResult<ChainRig>(new Rig());

    private sealed class Rig : StubRig
    {
        private readonly SolanaStubNode _node;

        public Rig()
            : this(new SolanaStubNode()) { }

        private Rig(SolanaStubNode node)
            : base(node, node.Chain)
        {
            _node = node;
            foreach (var token in Networks.Solana.Tokens)
                _node.Mints[token.Contract] = SolanaStub.Mint;
            Chain = Another();
        }

        public override IChain Chain { get; }

        public override IChain Another() =>
            new SolanaChain(Networks.Solana, new JsonRpc(Http, [_node.Url], SolanaChain.Limits), _node.GenesisHash);

        public override string AddressOf(int index) => SolanaStub.AddressOf(index);

        public override bool HasChecksum => false;

        public override IReadOnlyList<(long Position, Payment Payment)> Told(IReadOnlyList<Payment> payments) =>
            [
                .. SolanaStubNode
                    .Joined(payments.Select(p => (p.Token, p.To, p.Atoms)))
                    .Select(j => (j.Position, new Payment(j.Token, j.Atoms, j.To))),
            ];

        public override Task<string> PayAsync(bool reverted, params IReadOnlyList<Payment> payments) =>
            Task.FromResult(
                SolanaStubNode.SignatureOf(
                    Add(
                        reverted,
                        name =>
                            SolanaStubNode.Transfer(
                                name,
                                SolanaStub.Payer,
                                [.. payments.Select(p => new StubPayment(p.Token.Contract, p.To, (ulong)p.Atoms))]
                            )
                    )
                )
            );

        public override bool TryLag(int blocks)
        {
            _node.Lag = blocks;
            return true;
        }
    }
}
