using System.Text.Json;
using StablePay.Engine.Rates.Pegs;
using StablePay.Engine.Reconciling;
using StablePay.Engine.Watching;

namespace StablePay.Server.Hosting;

/// <summary>
/// <c>GET /health/live</c>: the process answers. <c>GET /health/ready</c>: payments can be taken; says what each part
/// last
/// did. A network whose node is down shows here but does not make the server unready: the others go on.
/// </summary>
internal static class Health
{
    public static void Map(IEndpointRouteBuilder routes, Engine.Engine engine)
    {
        routes.MapGet(
            "/health/live",
            (RequestDelegate)(http => WriteAsync(http, true, json => json.WriteString("status", "live")))
        );
        routes.MapGet("/health/ready", (RequestDelegate)(http => ReadyAsync(http, engine)));
    }

    private static async Task ReadyAsync(HttpContext http, Engine.Engine engine)
    {
        (long Ready, long Done, long Dead)? jobs;
        var books = ReconciliationStatus.Unknown;
        try
        {
            jobs = await engine.CountJobsAsync(http.RequestAborted);
            books = await engine.Reconciliation.StatusAsync(http.RequestAborted);
        }
        catch (Exception e) when (Faults.RejectionOf(e) is not null)
        {
            jobs = null;
        }
        // Test payments need the sandbox's watchers, which have no reason not to run.
        var sandboxRuns = engine.Networks.All.Where(n => !n.IsLive).All(n => engine.Networks.Status(n.Id) is not null);
        var isReady = jobs is not null && sandboxRuns;
        await WriteAsync(
            http,
            isReady,
            json =>
            {
                json.WriteString(
                    "status",
                    isReady ? "ready"
                        : jobs is null ? "no_database"
                        : "starting"
                );
                json.WriteBoolean("database", jobs is not null);
                json.WriteStartObject("jobs");
                json.WriteNumber("ready", jobs?.Ready ?? 0);
                json.WriteNumber("dead", jobs?.Dead ?? 0);
                json.WriteEndObject();
                json.WriteStartObject("rates");
                json.WriteBoolean("is_read", engine.Rates.LastReport is not null);
                json.WriteNumber("faults", engine.Rates.LastReport?.Faults.Count ?? 0);
                json.WriteEndObject();
                Write(json, engine.Pegs);
                Write(json, books);
                json.WriteStartArray("watchers");
                foreach (var network in engine.Networks.All)
                    Write(json, network, engine.Networks);
                json.WriteEndArray();
            }
        );
    }

    /// <summary>Counts and times alone: what is missing where is for the log and the command.</summary>
    private static void Write(Utf8JsonWriter json, ReconciliationStatus books)
    {
        json.WriteStartObject("reconciliation");
        json.WriteNumber("open_items", books.OpenCount);
        json.WriteNumber("ledger_faults", books.LedgerFaults);
        json.WriteStartArray("cycles");
        foreach (var cycle in books.Cycles)
        {
            json.WriteStartObject();
            json.WriteString("subject", cycle.Subject);
            json.WriteNumber("started_at", cycle.StartedAt.UnixSeconds);
            if (cycle.FinishedAt is { } finished)
                json.WriteNumber("finished_at", finished.UnixSeconds);
            json.WriteNumber("addresses", cycle.Addresses);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>What each coin is worth, where that is known.</summary>
    private static void Write(Utf8JsonWriter json, PegBook? pegs)
    {
        json.WriteStartObject("pegs");
        foreach (var asset in Asset.All)
        {
            if (pegs?.Find(asset) is not { } peg)
                continue;
            json.WriteStartObject(asset.Code);
            json.WriteString("price", peg.Price.ToString());
            json.WriteBoolean("is_below", pegs.IsBelow(asset));
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Network network, NetworkBook networks)
    {
        var watched = networks.Status(network.Id);
        json.WriteStartObject();
        json.WriteString("network", network.Id.Value);
        json.WriteBoolean("is_read", watched is not null);
        if (watched is not null)
        {
            json.WriteNumber("last_block", watched.Height);
            json.WriteNumber("lag_seconds", (long)watched.Lag.TotalSeconds);
            json.WriteBoolean("is_behind", watched.IsBehind);
            json.WriteBoolean("is_halted", watched.Halted is not null);
            json.WriteNumber("held_transfers", watched.Held);
        }
        json.WriteStartObject("stopped_tokens");
        foreach (var token in network.Tokens)
            if (networks.Tokens.WhyNot(token) is { } stop)
                json.WriteString(token.Asset.Code, stop.ToString().ToLowerInvariant());
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static async Task WriteAsync(HttpContext http, bool isWell, Action<Utf8JsonWriter> write)
    {
        http.Response.StatusCode = isWell ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        http.Response.ContentType = "application/json; charset=utf-8";
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        await http.Response.Body.WriteAsync(bytes.ToArray(), http.RequestAborted);
    }
}
