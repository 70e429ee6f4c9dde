using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using StablePay.Engine.Access;
using StablePay.Engine.Webhooks;
using StablePay.Storage;

namespace StablePay.Engine.Tests.Webhooks;

public sealed class EndpointCasesTests
{
    private const string Url = "https://hooks.example.com/stablepay";

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.FromUnixTimeSeconds(1_777_500_000));

    [Fact]
    public async Task Created_endpoint_shows_its_secret_once_and_keeps_it_sealed()
    {
        await using var world = await World.CreateAsync(_clock);

        var made = (await CreateAsync(world, new(Url, Description: "Shop"))).Value;

        made.Secret.ShouldNotBeNull().ShouldStartWith("whsec_");
        Convert.FromBase64String(made.Secret["whsec_".Length..]).Length.ShouldBe(32);
        made.Id.ShouldStartWith("we_");
        (made.Object, made.Url, made.Description, made.Status, made.Created, made.Livemode).ShouldBe(
            ("webhook_endpoint", Url, "Shop", "enabled", 1_777_500_000, false)
        );
        made.Events.ShouldBe(["payment.completed", "payment.failed", "payment.expired", "payment.cancelled"]);
        using var json = JsonDocument.Parse(made.ToJson());
        json.RootElement.EnumerateObject()
            .Select(p => p.Name)
            .ShouldBe(["id", "object", "url", "events", "description", "status", "created", "livemode", "secret"]);

        var id = EndpointId.From(made.Id);
        var kept = (await world.Db.Endpoints.FindAsync(id, default))!;
        kept.SealedSecrets.Single().ShouldNotContain(made.Secret["whsec_".Length..]);
        EndpointSecrets.Open(world.Box, kept).ShouldBe([made.Secret]);
        var read = (await new FindEndpoint(world.Db).RunAsync(world.CallerOf(), id, default)).Value;
        read.Secret.ShouldBeNull();
        Encoding.UTF8.GetString(read.ToJson()).ShouldNotContain("secret");
        made.ToString().ShouldNotContain(made.Secret);
    }

    [Fact]
    public async Task Sealed_secret_of_one_endpoint_does_not_open_as_anothers()
    {
        await using var world = await World.CreateAsync(_clock);
        var first = EndpointId.From((await CreateAsync(world, new(Url))).Value.Id);
        var second = EndpointId.From((await CreateAsync(world, new(Url))).Value.Id);
        var (a, b) = (
            (await world.Db.Endpoints.FindAsync(first, default))!,
            (await world.Db.Endpoints.FindAsync(second, default))!
        );

        Should.Throw<Chains.Keys.SecretBoxException>(() =>
            EndpointSecrets.Open(world.Box, a with { SealedSecrets = b.SealedSecrets })
        );
    }

    [Fact]
    public async Task Answer_kept_for_a_repeated_key_lies_in_the_database_without_the_secret()
    {
        await using var world = await World.CreateAsync(_clock);
        var claim = new IdempotencyClaim(
            "sk_test_1",
            "key",
            "hash",
            "owner",
            world.Now + TimeSpan.FromMinutes(1),
            world.Now + TimeSpan.FromDays(1)
        );
        (await world.Db.Commits.RunAsync(new Commit().Claim(claim), default)).IsDone.ShouldBeTrue();
        var scope = new RequestScope(new NonceClaim("sk_test_1", "nonce", world.Now + TimeSpan.FromMinutes(10)), claim);

        var made = (await CreateAsync(world, new(Url), scope)).Value;

        scope.IsSpent.ShouldBeTrue();
        var kept = (await world.Db.Idempotency.FindAsync("sk_test_1", "key", default))!;
        kept.IsDone.ShouldBeTrue();
        System.Text.Encoding.UTF8.GetString(kept.Body).ShouldNotContain(made.Secret!);
    }

    [Fact]
    public async Task Creation_leaves_nothing_behind_when_its_nonce_was_used()
    {
        await using var world = await World.CreateAsync(_clock);
        var nonce = new NonceClaim("sk_test_1", "nonce", world.Now + TimeSpan.FromMinutes(10));
        (await world.Db.Commits.RunAsync(new Commit().Spend(nonce), default)).IsDone.ShouldBeTrue();

        var refused = await CreateAsync(world, new(Url), new RequestScope(nonce, null));

        refused.Rejection!.Code.ShouldBe(ErrorCode.NonceReused);
        (await ListAsync(world, 10)).Endpoints.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("url", "http://example.com/")]
    [InlineData("url", "https://127.0.0.1/")]
    [InlineData("events.0", Url, "payment.canceled")]
    [InlineData("events.1", Url, "payment.completed", "*")]
    [InlineData("events.1", Url, "payment.completed", "payment.completed")]
    public async Task Creation_is_refused_with_the_member_that_is_wrong(
        string param,
        string url,
        params string[] events
    )
    {
        await using var world = await World.CreateAsync(_clock);

        var refused = await new CreateEndpoint(
            world.Db,
            new EgressGuard(EgressPolicy.Production),
            world.Box,
            world.Ids,
            _clock,
            world.Dice
        ).RunAsync(world.CallerOf(), new(url, events.Length == 0 ? null : events), default);

        (refused.Rejection!.Code, refused.Rejection.Param).ShouldBe((ErrorCode.ParameterInvalid, param));
    }

    [Theory]
    [InlineData("a\r\nb")]
    [InlineData("a\u0085b")]
    [InlineData("a\0b")]
    public async Task WH_16_control_character_in_a_description_is_refused(string description)
    {
        await using var world = await World.CreateAsync(_clock);

        (await CreateAsync(world, new(Url, Description: description))).Rejection!.Param.ShouldBe("description");
        (await CreateAsync(world, new(Url, Description: new string('x', 501)))).Rejection!.Param.ShouldBe(
            "description"
        );
        (await CreateAsync(world, new(Url, []))).Rejection!.Param.ShouldBe("events");
    }

    [Fact]
    public async Task Endpoint_is_changed_member_by_member()
    {
        await using var world = await World.CreateAsync(_clock);
        var id = EndpointId.From((await CreateAsync(world, new(Url, Description: "Shop"))).Value.Id);

        async Task<EndpointView> ChangeAsync(EndpointChange change) =>
            (await new UpdateEndpoint(world.Db, World.Guard).RunAsync(world.CallerOf(), id, change, default)).Value;

        (await ChangeAsync(new(Url: Url + "/2"))).Url.ShouldBe(Url + "/2");
        (await ChangeAsync(new(Events: ["payment.reversed"]))).Events.ShouldBe(["payment.reversed"]);
        (await ChangeAsync(new())).Description.ShouldBe("Shop");
        (await ChangeAsync(new(Description: ""))).Description.ShouldBeNull();
        (await ChangeAsync(new(Status: "disabled"))).Status.ShouldBe("disabled");
        var last = await ChangeAsync(new(Status: "enabled"));

        (last.Url, last.Status, last.Secret).ShouldBe((Url + "/2", "enabled", null));
        (await new FindEndpoint(world.Db).RunAsync(world.CallerOf(), id, default))
            .Value.ToJson()
            .ShouldBe(last.ToJson());
    }

    [Theory]
    [InlineData("url")]
    [InlineData("status")]
    [InlineData("events.0")]
    public async Task Change_is_refused_with_the_member_that_is_wrong(string param)
    {
        await using var world = await World.CreateAsync(_clock);
        var id = EndpointId.From((await CreateAsync(world, new(Url))).Value.Id);
        var change = param switch
        {
            "url" => new EndpointChange(Url: "https://10.0.0.1/"),
            "status" => new EndpointChange(Status: "deleted"),
            _ => new EndpointChange(Events: ["nothing.happened"]),
        };

        var refused = await new UpdateEndpoint(world.Db, World.Guard).RunAsync(world.CallerOf(), id, change, default);

        refused.Rejection!.Param.ShouldBe(param);
    }

    [Fact]
    public async Task Endpoint_of_another_store_or_mode_or_deleted_does_not_exist()
    {
        await using var world = await World.CreateAsync(_clock);
        var id = EndpointId.From((await CreateAsync(world, new(Url))).Value.Id);
        var stranger = await new ProvisionStore(world.Db, world.Box, world.Ids, world.Dice, _clock).RunAsync(
            "X",
            "X",
            default
        );
        var test = world.CallerOf();
        Caller[] others =
        [
            world.CallerOf(live: true),
            test with
            {
                Store = stranger.Store,
                Merchant = stranger.Merchant,
            },
        ];
        async Task NowhereAsync(Caller caller)
        {
            (await new FindEndpoint(world.Db).RunAsync(caller, id, default)).Rejection!.Code.ShouldBe(
                ErrorCode.ResourceNotFound
            );
            (
                await new UpdateEndpoint(world.Db, World.Guard).RunAsync(caller, id, new(Url: Url), default)
            ).Rejection!.Code.ShouldBe(ErrorCode.ResourceNotFound);
            (await new DeleteEndpoint(world.Db).RunAsync(caller, id, default)).Rejection!.Code.ShouldBe(
                ErrorCode.ResourceNotFound
            );
            (await new ListEndpoints(world.Db).RunAsync(caller, null, 10, default)).Endpoints.ShouldBeEmpty();
        }

        foreach (var other in others)
            await NowhereAsync(other);
        var deleted = (await new DeleteEndpoint(world.Db).RunAsync(test, id, default)).Value;

        Encoding
            .UTF8.GetString(deleted.ToJson())
            .ShouldBe($$"""{"id":"{{id}}","object":"webhook_endpoint","deleted":true}""");
        await NowhereAsync(test);
    }

    [Fact]
    public async Task Endpoints_are_listed_newest_first_page_by_page()
    {
        await using var world = await World.CreateAsync(_clock);
        List<string> made = [];
        for (var i = 0; i < 5; i++)
        {
            made.Insert(0, (await CreateAsync(world, new(Url))).Value.Id);
            _clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        var first = await ListAsync(world, 3);
        var second = await ListAsync(world, 3, EndpointId.From(first.Endpoints[^1].Id));

        (first.HasMore, second.HasMore).ShouldBe((true, false));
        first.Endpoints.Concat(second.Endpoints).Select(e => e.Id).ShouldBe(made);
    }

    [Fact]
    public async Task Store_has_a_bounded_number_of_endpoints()
    {
        await using var world = await World.CreateAsync(_clock);
        for (var i = 0; i < CreateEndpoint.MostPerStore; i++)
            (await CreateAsync(world, new(Url))).IsOk.ShouldBeTrue();

        (await CreateAsync(world, new(Url))).Rejection!.Code.ShouldBe(ErrorCode.ParameterInvalid);
    }

    private Task<Result<EndpointView>> CreateAsync(World world, NewEndpoint input, RequestScope? scope = null) =>
        new CreateEndpoint(world.Db, World.Guard, world.Box, world.Ids, _clock, world.Dice).RunAsync(
            world.CallerOf(scope: scope),
            input,
            default
        );

    private static Task<EndpointPage> ListAsync(World world, int limit, EndpointId? after = null) =>
        new ListEndpoints(world.Db).RunAsync(world.CallerOf(), after, limit, default);
}
