using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StablePay.Server.Checkout;

namespace StablePay.Browser.Tests.Checkout;

/// <summary>A real server with the real page, showing payments that a test makes by hand and moves on by hand.</summary>
internal sealed class PageHost : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, CheckoutPage> _pages = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _changes = new();
    private WebApplication? _app;

    public Uri BaseUrl { get; private set; } = null!;

    public List<string> Posts { get; } = [];

    /// <summary>Whether posts of wallets are let through.</summary>
    public bool MayAsk { get; set; } = true;

    /// <summary>What a wallet gets to sign, by payment; made by hand, no node has seen it.</summary>
    public Func<SessionId, Result<string>> MadeTransfer { get; set; } = _ => Down;

    /// <summary>What comes of a signed one, by payment.</summary>
    public Func<SessionId, Result<string>> SentTransfer { get; set; } = _ => Down;

    public static Rejection Down { get; } = new(ErrorCode.NetworkUnavailable, "no node here");

    /// <summary>Why a scenario is refused; null when it is played.</summary>
    public Func<string, Rejection?> PlayAnswer { get; set; } = _ => null;

    /// <summary>Why a hash is refused; null when it is taken.</summary>
    public Rejection? NoteAnswer { get; set; }

    /// <summary>Whether pages are shown at the time it is, or at the time they were made.</summary>
    public bool ClockRuns { get; set; }

    public static async Task<PageHost> StartAsync()
    {
        var host = new PageHost();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        CheckoutPages.Map(app, host.Calls(), TimeProvider.System);
        // A browser script moves a payment on while its page is open.
        app.MapPost("/test/{id}/{state}", (string id, string state) => host.Move(id, state));
        await app.StartAsync();
        host._app = app;
        host.BaseUrl = new Uri(
            app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()
        );
        return host;
    }

    /// <summary>Shows this payment from now on; the address of its page.</summary>
    public string Show(CheckoutPage page)
    {
        _pages[page.Id.Value] = page;
        Signal(page.Id);
        return new Uri(BaseUrl, $"/checkout/{page.Id}").ToString();
    }

    /// <summary>The same under an id of its own, so that tests do not meet, and with the clock moved to the real one.</summary>
    public CheckoutPage Fresh(CheckoutPage page, string name)
    {
        var shift = Instant.From(TimeProvider.System.GetUtcNow()) - page.Now;
        var id = SessionId.From("sess_" + string.Concat(name.Where(char.IsLetterOrDigit)).PadRight(36, '0')[..36]);
        return page with
        {
            Id = id,
            Url = Samples.UrlOf(id.Value),
            Now = page.Now + shift,
            ExpiresAt = page.ExpiresAt + shift,
            CreatedAt = page.CreatedAt + shift,
            PaidAt = page.PaidAt is { } paid ? paid + shift : null,
            Transfers =
            [
                .. page.Transfers.Select(t => t with { SeenAt = t.SeenAt + shift, BlockTime = t.BlockTime + shift }),
            ],
            Watched = page.Watched is { } w
                ? w with
                {
                    ReadAt = w.ReadAt + shift,
                    BlockTime = w.BlockTime + shift,
                }
                : null,
        };
    }

    /// <summary>The payment goes on to another sample, sees one more confirmation, or its clock moved.</summary>
    private void Move(string id, string state)
    {
        var page = _pages[id];
        if (state == "clock")
        {
            // The shop's test clock is moved by an hour; the payment itself does not change.
            Show(page with { Now = page.Now + TimeSpan.FromHours(1), ClockOffset = TimeSpan.FromHours(1) });
            return;
        }
        if (state != "block")
        {
            Show(Fresh(Samples.All[state], state) with { Id = page.Id, Version = page.Version + 1 });
            return;
        }
        var watched = page.Watched! with { Height = page.Watched.Height + 1 };
        Show(
            page with
            {
                Watched = watched,
                Transfers = [.. page.Transfers.Select(t => t with { Confirmations = t.Confirmations + 1 })],
            }
        );
    }

    public CheckoutPage this[SessionId id] => _pages[id.Value];

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
    }

    private CheckoutCalls Calls() =>
        new()
        {
            Page = (id, _) => Task.FromResult(Find(id)),
            Status = (id, _) => Task.FromResult(_pages.TryGetValue(id.Value, out var p) ? Samples.StatusOf(p) : null),
            Watch = WatchAsync,
            Choose = (id, network, asset, _) =>
            {
                Note($"choose {asset} {network}");
                var page = _pages[id.Value];
                var option = page.Options.First(o => o.Network.Id == network && o.Token.Asset == asset);
                if (!option.IsAvailable)
                    return Task.FromResult<Result<CheckoutPage>>(new Rejection(ErrorCode.NetworkUnavailable, "down"));
                Show(Samples.Chosen(page, option.Network, option.Token, Samples.Address));
                return Task.FromResult<Result<CheckoutPage>>(_pages[id.Value]);
            },
            Cancel = (id, _) =>
            {
                Note("cancel");
                var page = _pages[id.Value];
                Show(page with { State = SessionState.Canceled, CanceledAt = page.Now, Version = page.Version + 1 });
                return Task.FromResult<Result<CheckoutPage>>(_pages[id.Value]);
            },
            MayAsk = _ => MayAsk,
            MakeTransfer = (id, payer, _) => MadeAsync($"make {payer} {id}", MadeTransfer(id)),
            SendTransfer = (id, payer, _, _) => MadeAsync($"send {payer} {id}", SentTransfer(id)),
            NoteSent = (_, hash, _) =>
            {
                Note($"sent {hash}");
                return Task.FromResult(NoteAnswer);
            },
            Play = (_, name, _) =>
            {
                Note($"play {name}");
                return Task.FromResult(PlayAnswer(name));
            },
            PayFromTestWallet = (id, _) =>
            {
                Note("pay-test");
                return Task.FromResult<Rejection?>(null);
            },
        };

    private void Note(string post)
    {
        lock (Posts)
            Posts.Add(post);
    }

    private Task<Result<string>> MadeAsync(string post, Result<string> answer)
    {
        Note(post);
        return Task.FromResult(answer);
    }

    private CheckoutPage? Find(SessionId id) =>
        _pages.GetValueOrDefault(id.Value) is { } page
            ? ClockRuns
                ? page with
                {
                    Now = Instant.From(TimeProvider.System.GetUtcNow()),
                }
                : page
            : null;

    private async IAsyncEnumerable<CheckoutStatus> WatchAsync(
        SessionId id,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        while (true)
        {
            var next = _changes.GetOrAdd(id.Value, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            var page = _pages[id.Value];
            yield return Samples.StatusOf(page);
            if (page.State.IsTerminal)
                yield break;
            await next.WaitAsync(ct);
        }
    }

    private void Signal(SessionId id)
    {
        if (_changes.TryRemove(id.Value, out var change))
            change.TrySetResult();
    }
}
