using StablePay.Simulation.World;

namespace StablePay.Simulation.Faults;

/// <summary>Everything that goes wrong.</summary>
internal static class Trouble
{
    public static IReadOnlyList<Happening> All { get; } =
    [
        new("crash", "crash", 150, CrashNow),
        new("crash", "crash-at-statement", 90, CrashAtStatement),
        new("crash", "crash-after-move", 60, CrashAfterMove),
        new("power", "power-loss", 500, PowerLoss),
        new("restore", "restore", 400, Restore),
        new("disk", "disk", 300, DiskFails),
        new("disk", "statement-fails", 40, StatementFails),
        new("clock", "clock", 250, ClockSteps),
        new("pause", "pause", 250, Pauses),
        new("nodes", "node", 25, NodeFails),
        new("nodes", "tag-stuck", 200, TagStuck),
        new("nodes", "all-nodes-leave-out", 500, AllNodesLeaveOut),
        new("nodes", "chain-stalls", 400, ChainStalls),
        new("forks", "reorganisation", 20, Reorganises),
        new("lies", "forgery", 60, Forges),
        new("lies", "balances", 80, LiesOfBalances),
        new("thefts", "theft", 120, Steals),
        new("receivers", "receiver", 60, ReceiverFails),
        new("rates", "rates", 60, RatesFail),
        new("coins", "coin", 150, CoinFalls),
        new("coins", "coin-sources", 120, CoinSourcesFail),
    ];

    /// <summary>The names of the groups, for the command line.</summary>
    public static IReadOnlySet<string> Groups { get; } = All.Select(h => h.Group).ToHashSet();

    private static readonly string[] Tables =
    [
        "checkout_sessions",
        "deliveries",
        "deposit_addresses",
        "events",
        "jobs",
        "leases",
        "ledger_entries",
        "nonces",
        "reconciliation_cycles",
        "reconciliation_items",
        "transfers",
    ];

    private static readonly TimeSpan BetweenRestores = TimeSpan.FromMinutes(20);

    private static void CrashNow(SimWorld world, Chance chance)
    {
        if (world.Processes.Count > 0)
            world.Kill(chance.OneOf(world.Processes), "is killed", chance.Seconds(1, 60));
    }

    private static void CrashAtStatement(SimWorld world, Chance chance)
    {
        if (world.Processes.Count > 0)
            chance.OneOf(world.Processes).DiesAt = chance.Between(1, 120);
    }

    /// <summary>What must happen together with a move of money is lost here if it was to come after it.</summary>
    private static void CrashAfterMove(SimWorld world, Chance chance)
    {
        if (world.Processes.Count > 0)
            chance.OneOf(world.Processes).DiesAfterMove = true;
    }

    private static void PowerLoss(SimWorld world, Chance chance)
    {
        foreach (var process in world.Processes.ToList())
            world.Kill(process, "loses its power", chance.Seconds(5, 60));
        if (world.Disk.LosePower())
        {
            world.Note("the disk had not been made to keep the newest commits");
            world.Auditor.LostCommits();
        }
    }

    private static void Restore(SimWorld world, Chance chance)
    {
        // Not one after the other: the world would stand still most of the time, and the rest of it be catching up.
        if (world.Agenda.Elapsed < world.StopsUntil + BetweenRestores)
            return;
        var backup = world.Disk.Backup();
        world.Note("a backup is taken");
        world.Agenda.After(
            chance.Seconds(20, 200),
            () =>
            {
                if (!world.IsTroubled || world.Agenda.Elapsed < world.StopsUntil + BetweenRestores)
                    return;
                // Longer away than nonces are remembered, as the guide to restoring says.
                world.StopsUntil = world.Agenda.Elapsed + TimeSpan.FromMinutes(11);
                foreach (var process in world.Processes.ToList())
                    world.Kill(process, "is stopped for a restore", TimeSpan.FromMinutes(11));
                world.Disk.Restore(backup);
                world.Note("the backup is put back");
                world.Auditor.Restored();
            }
        );
    }

    private static void DiskFails(SimWorld world, Chance chance)
    {
        var trouble = chance.Percent(50) ? DiskTrouble.Busy : DiskTrouble.Full;
        world.Note(trouble == DiskTrouble.Busy ? "the database is busy" : "the disk is full");
        world.DiskTrouble = trouble;
        world.Agenda.After(
            trouble == DiskTrouble.Busy ? chance.Milliseconds(20, 900) : chance.Seconds(1, 40),
            () => world.DiskTrouble = DiskTrouble.None
        );
    }

    /// <summary>
    /// One statement meets an error and the next ones do not: what is half done must be done again. By tables, so that
    /// what is seldom asked fails as often as what is asked all the time.
    /// </summary>
    private static void StatementFails(SimWorld world, Chance chance)
    {
        if (world.Processes.Count > 0)
            chance.OneOf(world.Processes).Fails = new FailingStatement(chance.OneOf(Tables), chance.Between(1, 6));
    }

    private static void ClockSteps(SimWorld world, Chance chance)
    {
        if (world.Processes.Count == 0)
            return;
        var process = chance.OneOf(world.Processes);
        process.Clock.Skew = TimeSpan.FromSeconds(chance.Between(-20, 20));
        world.Note($"the clock of {process.Name} is now wrong by {process.Clock.Skew.TotalSeconds} s");
    }

    private static void Pauses(SimWorld world, Chance chance)
    {
        if (world.Processes.Count == 0)
            return;
        var process = chance.OneOf(world.Processes);
        var time = chance.Seconds(5, 60);
        world.Note($"{process.Name} stands still for {time.TotalSeconds:0} s");
        process.Pause();
        world.Agenda.After(
            time,
            () =>
            {
                if (process.IsPaused)
                    process.GoOn();
            }
        );
    }

    private static void NodeFails(SimWorld world, Chance chance)
    {
        var network = chance.OneOf(world.Networks);
        var node = chance.OneOf(network.Nodes);
        node.Trouble = chance.OneOf(Enum.GetValues<NodeTrouble>()[1..]);
        world.Note($"{node.Name}: {node.Trouble}");
        world.Agenda.After(chance.Seconds(5, 90), () => network.Heal(node));
    }

    private static void TagStuck(SimWorld world, Chance chance)
    {
        var network = chance.OneOf(world.Networks);
        world.Note($"{network.Network.Name}: finality does not come");
        foreach (var node in network.Nodes)
            node.FinalDistance = network.FinalDistance + chance.Between(3, 30);
        world.Agenda.After(chance.Seconds(20, 120), network.Heal);
    }

    /// <summary>
    /// Three addresses of one provider: whoever is asked leaves out the same, also when a block is read once more. On
    /// Solana nothing in a block would show it.
    /// </summary>
    private static void AllNodesLeaveOut(SimWorld world, Chance chance)
    {
        var network = chance.OneOf(world.Networks.Where(n => n.Network.Family != ChainFamily.Solana).ToList());
        world.Note($"all nodes of {network.Network.Name}: {NodeTrouble.Empty}");
        foreach (var node in network.Nodes)
            node.Trouble = NodeTrouble.Empty;
        world.Agenda.After(chance.Seconds(60, 240), network.Heal);
    }

    private static void ChainStalls(SimWorld world, Chance chance)
    {
        var network = chance.OneOf(world.Networks);
        world.Note($"{network.Network.Name} makes no blocks");
        network.Stall(true);
        world.Agenda.After(chance.Seconds(10, 120), () => network.Stall(false));
    }

    private static void Reorganises(SimWorld world, Chance chance)
    {
        var network = chance.OneOf(world.Networks);
        var (depth, longerBy) = (chance.Between(1, network.FinalDistance), chance.Between(0, 2));
        world.Note($"{network.Network.Name} replaces its newest {depth} blocks");
        network.Reorganise(depth, longerBy);
    }

    /// <summary>One node of three tells of a payment that was never made, for as long as nobody takes it away.</summary>
    private static void Forges(SimWorld world, Chance chance)
    {
        var network = chance.OneOf(world.Networks);
        if (
            network.Nodes.Any(n => n.Trouble != NodeTrouble.None || n.IsLying)
            || world.Shop.ShownOn(network, chance) is not { } shown
            || network.IsTrustedWith(shown.Due)
        )
            return;
        var node = chance.OneOf(network.Nodes);
        world.Note($"{node.Name} tells of a payment of {shown.Due} to {shown.Address} that nobody made");
        network.Forge(
            node,
            SimFamilies.Transaction(
                network.Network,
                $"forged at {world.Steps}",
                [
                    new Movement(
                        shown.Due.Token.Contract,
                        SimFamilies.Stranger(network.Network.Family, "forger"),
                        shown.Address,
                        shown.Due.Atoms
                    ),
                ]
            )
        );
        world.Agenda.After(chance.Seconds(60, 240), () => network.Heal(node));
    }

    /// <summary>One node of three tells wrong balances; while another is away, too few agree on anything.</summary>
    private static void LiesOfBalances(SimWorld world, Chance chance)
    {
        var network = chance.OneOf(world.Networks);
        var (node, lie) = (chance.OneOf(network.Nodes), chance.OneOf(Enum.GetValues<BalanceLie>()[1..]));
        if (network.Nodes.Any(n => n.IsLying))
            return;
        world.Note($"{node.Name} lies of balances: {lie}");
        node.Lies(lie);
        world.Agenda.After(chance.Seconds(60, 400), () => network.Heal(node));
    }

    /// <summary>Somebody has the key of an address of ours, and takes what is there, or a part.</summary>
    private static void Steals(SimWorld world, Chance chance)
    {
        var network = chance.OneOf(world.Networks);
        if (world.Shop.HolderOn(network, chance) is not { } holder)
            return;
        var atoms = holder.Atoms - (chance.Percent(50) ? holder.Atoms / 3 : 0);
        world.Note($"{new TokenAmount(holder.Token, atoms)} are stolen from {holder.Address}");
        network.Send(
            SimFamilies.Transaction(
                network.Network,
                $"theft at {world.Steps}",
                [
                    new Movement(
                        holder.Token.Contract,
                        holder.Address,
                        SimFamilies.Stranger(network.Network.Family, "thief"),
                        atoms
                    ),
                ]
            ) with
            {
                MustHold = true,
            }
        );
    }

    private static void ReceiverFails(SimWorld world, Chance chance)
    {
        var url = chance.OneOf(world.Shop.EndpointUrls);
        var trouble = chance.OneOf(Enum.GetValues<ReceiverTrouble>()[1..]);
        world.Note($"{url}: {trouble}");
        world.Receivers.Set(url, trouble);
        world.Agenda.After(chance.Seconds(20, 300), () => world.Receivers.Set(url, ReceiverTrouble.None));
    }

    private static void RatesFail(SimWorld world, Chance chance) =>
        SourcesFail(world, chance, "rates of", SimRates.Names, world.Rates.Set, (300, 3000));

    /// <summary>A coin is worth less than its dollar, seldom next to nothing, and after some minutes a dollar again.</summary>
    private static void CoinFalls(SimWorld world, Chance chance)
    {
        var coin = chance.OneOf(Asset.All.ToList());
        var worth = chance.Percent(15)
            ? chance.Between(1, 600_000) / 10_000_000m
            : chance.Between(600_000, 9_900_000) / 10_000_000m;
        world.Note($"{coin} is worth {worth} dollars");
        world.Coins.Fall(coin, worth, chance.Seconds(120, 600));
    }

    private static void CoinSourcesFail(SimWorld world, Chance chance) =>
        SourcesFail(world, chance, "coin prices of", SimCoins.Names, world.Coins.Set, (30, 240));

    /// <summary>
    /// Sources that are away, or still tell yesterday's, often are so together; each errs alone, for what two say alike
    /// is believed. Of three one is well.
    /// </summary>
    private static void SourcesFail(
        SimWorld world,
        Chance chance,
        string what,
        string[] names,
        Action<string, RateTrouble> set,
        (int Least, int Most) seconds
    )
    {
        var trouble = chance.OneOf(Enum.GetValues<RateTrouble>()[1..]);
        var together = names.Length == 3 ? 2 : names.Length;
        var most = trouble is RateTrouble.Down or RateTrouble.Stale ? together : 1;
        var first = chance.Next(names.Length);
        for (var i = chance.Between(1, most); i > 0; i--)
        {
            var source = names[(first + i) % names.Length];
            world.Note($"{what} {source}: {trouble}");
            set(source, trouble);
            world.Agenda.After(chance.Seconds(seconds.Least, seconds.Most), () => set(source, RateTrouble.None));
        }
    }
}
