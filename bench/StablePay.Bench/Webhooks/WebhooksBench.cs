using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using StablePay.Chains.Keys;
using StablePay.Core.Events;
using StablePay.Core.Ids;
using StablePay.Core.Jobs;
using StablePay.Core.Primitives;
using StablePay.Core.Webhooks;
using StablePay.Engine.Access;
using StablePay.Engine.TestMode;
using StablePay.Engine.Webhooks;
using StablePay.Engine.Working;
using StablePay.Engine.Working.Handlers;
using StablePay.Storage;

namespace StablePay.Bench.Webhooks;

/// <summary>
/// Deliveries per second to a healthy endpoint alone, beside endpoints that hang, and to one that answers after 50 ms.
/// Arguments: <c>[--postgres CONNECTION] [--deliveries N] [--hanging N] [--rounds N]</c>; SQLite in a temporary file
/// unless a connection is given.
/// </summary>
internal sealed class WebhooksBench(DatabaseOptions where, int deliveries, int hanging, int rounds)
{
    private readonly TimeProvider _clock = TimeProvider.System;
    private readonly OsDice _dice = new();
    private readonly SecretBox _box = SecretBox.FromKey(RandomNumberGenerator.GetBytes(32));
    private IdSource Ids => field ??= new IdSource(_dice);

    public static async Task<int> RunAsync(string[] arguments)
    {
        string Option(string name, string otherwise)
        {
            var at = Array.IndexOf(arguments, name);
            return at < 0 ? otherwise : arguments[at + 1];
        }

        int Number(string name, string otherwise) => int.Parse(Option(name, otherwise), CultureInfo.InvariantCulture);

        var folder = Directory.CreateTempSubdirectory("stablepay-bench-");
        var postgres = Option("--postgres", "");
        var where =
            postgres.Length > 0
                ? new DatabaseOptions(DatabaseOptions.Postgres, postgres)
                : new DatabaseOptions(DatabaseOptions.Sqlite, Path.Combine(folder.FullName, "bench.db"));
        await new WebhooksBench(
            where,
            Number("--deliveries", "5000"),
            Number("--hanging", "1000"),
            Number("--rounds", "7")
        ).RunAsync();
        folder.Delete(recursive: true);
        return 0;
    }

    private async Task RunAsync()
    {
        await using var database = await Database.OpenAsync(where, _clock, CancellationToken.None);
        List<double> ratios = [];
        // Compilation and caches; not counted.
        await MeasureAsync(database, hanging, TimeSpan.Zero, deliveries);
        for (var i = 0; i < rounds; i++)
        {
            var alone = i % 2 == 0 ? await MeasureAsync(database, 0, TimeSpan.Zero, deliveries) : 0;
            var beside = await MeasureAsync(database, hanging, TimeSpan.Zero, deliveries);
            if (i % 2 == 1)
                alone = await MeasureAsync(database, 0, TimeSpan.Zero, deliveries);
            var slow = await MeasureAsync(database, 0, TimeSpan.FromMilliseconds(50), deliveries / 5);
            ratios.Add(beside / alone);
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"round {i + 1}: alone {alone:F0}/s, beside {hanging} hanging {beside:F0}/s, after 50 ms {slow:F0}/s"
                )
            );
        }
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{where.Provider}: median ratio {ratios.Order().ElementAt(rounds / 2):F2}"
            )
        );
    }

    /// <summary>Deliveries per second of one backlog, from the first step to the last request received.</summary>
    private async Task<double> MeasureAsync(Database database, int hangingEndpoints, TimeSpan after, int count)
    {
        using var dead = new LoopbackReceiver(null);
        using var healthy = new LoopbackReceiver(after);
        var provision = new ProvisionStore(database, _box, Ids, _dice, _clock);
        var deadStore = (await provision.RunAsync("Dead", "Dead", CancellationToken.None)).Store.Id;
        var store = (await provision.RunAsync("Healthy", "Healthy", CancellationToken.None)).Store.Id;
        for (var i = 0; i < hangingEndpoints; i++)
            await AddEndpointAsync(database, deadStore, $"http://127.0.0.1:{dead.Port}/{i}");
        await AddEndpointAsync(database, store, $"http://127.0.0.1:{healthy.Port}/hook");

        var guard = new EgressGuard(EgressPolicy.Production with { AllowLoopbackForTestMode = true });
        using var sender = new EgressSender(guard, EgressLimits.Default with { ConnectionsPerHost = 4_096 }, _clock);
        var runner = new JobRunner(
            database,
            [
                new DeliverWebhook(database, sender, guard, _box, new StoreClocks(database, _clock), _dice),
                new PruneExpired(database, _clock),
                new Nothing(),
            ],
            RunnerLimits.Default,
            $"bench-{RandomNumberGenerator.GetHexString(8)}",
            _clock,
            _dice
        );
        using var stop = new CancellationTokenSource();
        await TellAsync(database, deadStore, hangingEndpoints == 0 ? 0 : 10);
        while (dead.Requests < hangingEndpoints)
            await StepAsync(runner, stop.Token);
        await TellAsync(database, store, count);

        var started = Stopwatch.GetTimestamp();
        while (healthy.Requests < count)
            await StepAsync(runner, stop.Token);
        var rate = count / Stopwatch.GetElapsedTime(started).TotalSeconds;
        await stop.CancelAsync();
        await runner.DrainAsync();
        await ForgetAsync(database, deadStore);
        return rate;
    }

    private async Task StepAsync(JobRunner runner, CancellationToken ct)
    {
        var step = await runner.StepAsync(ct);
        var wait = step.NextLook - Instant.From(_clock.GetUtcNow());
        if (!step.HasMore)
            await runner.Hint.WaitAsync(
                wait < TimeSpan.FromMilliseconds(20) ? wait : TimeSpan.FromMilliseconds(20),
                _clock,
                ct
            );
    }

    private async Task AddEndpointAsync(Database database, StoreId store, string url)
    {
        var now = Instant.From(_clock.GetUtcNow());
        var id = Ids.Next<EndpointId>(now);
        var endpoint = new WebhookEndpoint(
            id,
            store,
            false,
            url,
            null,
            [],
            EndpointStatus.Enabled,
            [EndpointSecrets.Seal(_box, id, SigningSecret.Make(_dice))],
            now,
            1
        );
        await database.Commits.RunAsync(new Commit().Insert(endpoint), CancellationToken.None);
    }

    private async Task TellAsync(Database database, StoreId store, int count) =>
        await Task.WhenAll(
            Enumerable
                .Range(0, count)
                .Select(i =>
                {
                    var now = Instant.From(_clock.GetUtcNow());
                    var id = Ids.Next<EventId>(now);
                    return database.Commits.RunAsync(
                        new Commit().Add(
                            new NewEvent(
                                id,
                                store,
                                false,
                                EventType.PaymentCompleted,
                                "sess_bench",
                                i + 1,
                                now,
                                $$"""{"id":"{{id}}","sequence":""",
                                $$""","data":"{{new string('x', 1_000)}}"}"""
                            )
                        ),
                        CancellationToken.None
                    );
                })
        );

    /// <summary>The next round must not find this one's hanging endpoints still enabled and due.</summary>
    private async Task ForgetAsync(Database database, StoreId store)
    {
        foreach (var endpoint in await database.Endpoints.ListAsync(store, false, null, 10_000, CancellationToken.None))
        {
            var deleted = endpoint with { Status = EndpointStatus.Deleted, Version = endpoint.Version + 1 };
            await database.Commits.RunAsync(new Commit().Update(endpoint, deleted), CancellationToken.None);
        }
        var guard = new EgressGuard(EgressPolicy.Production);
        using var sender = new EgressSender(guard, EgressLimits.Default, _clock);
        var runner = new JobRunner(
            database,
            [
                new DeliverWebhook(database, sender, guard, _box, new StoreClocks(database, _clock), _dice),
                new PruneExpired(database, _clock),
                new Nothing(),
            ],
            RunnerLimits.Default,
            $"clean-{RandomNumberGenerator.GetHexString(8)}",
            _clock,
            _dice
        );
        while ((await database.Jobs.LanesDueAsync(Instant.From(_clock.GetUtcNow()), CancellationToken.None)).Count > 0)
            await StepAsync(runner, CancellationToken.None);
        await runner.DrainAsync();
    }

    private sealed class Nothing : IJobHandler
    {
        public JobKind Kind => JobKind.ExpireSession;

        public Task<JobEnd> RunAsync(Job job, CancellationToken ct) => Task.FromResult(JobEnd.Done());
    }

    private sealed class OsDice : Dice
    {
        public override void Fill(Span<byte> bytes) => RandomNumberGenerator.Fill(bytes);
    }
}
