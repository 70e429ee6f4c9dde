using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace StablePay.Testing;

/// <summary>How an anvil node is started.</summary>
/// <param name="SlotsInEpoch">Its <c>finalized</c> tag is two such epochs behind the head.</param>
/// <param name="FreeGas">Gas costs nothing, for another chain's fees on top.</param>
public sealed record AnvilOptions(
    ulong ChainId = 31337,
    int SlotsInEpoch = 2,
    bool AutoMine = false,
    int? Port = null,
    bool FreeGas = false
);

/// <summary>
/// A real EVM node: the pinned anvil, on a free loopback port, ended by its process id. Blocks come when a test mines
/// them, unless it asks for automatic ones.
/// </summary>
public sealed class AnvilNode : IAsyncDisposable
{
    private readonly Process _process;

    private AnvilNode(Process process, int port)
    {
        _process = process;
        Url = new Uri($"http://127.0.0.1:{port}");
        Rpc = new JsonRpcCaller(Url);
    }

    public Uri Url { get; }
    public JsonRpcCaller Rpc { get; }

    /// <summary>An account whose key the node holds.</summary>
    public string Payer { get; private set; } = "";
    public string OtherPayer { get; private set; } = "";

    public static async Task<AnvilNode> StartAsync(AnvilOptions? options = null)
    {
        options ??= new AnvilOptions();
        var program = RepositoryRoot.Of(
            "tests",
            "js",
            "node_modules",
            "@foundry-rs",
            "anvil-linux-amd64",
            "bin",
            "anvil"
        );
        if (!File.Exists(program))
            throw new InvalidOperationException("anvil is not installed: run `npm ci` in tests/js.");
        var port = options.Port ?? FreePort();
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                "--host",
                "127.0.0.1",
                "--port",
                Text(port),
                "--chain-id",
                options.ChainId.ToString(CultureInfo.InvariantCulture),
                "--slots-in-an-epoch",
                Text(options.SlotsInEpoch),
                "--silent",
            },
        };
        if (!options.AutoMine)
            start.ArgumentList.Add("--no-mining");
        if (options.FreeGas)
            foreach (var argument in new[] { "--gas-price", "0", "--block-base-fee-per-gas", "0" })
                start.ArgumentList.Add(argument);
        var process = Process.Start(start) ?? throw new InvalidOperationException("anvil did not start");
        Orphans.Shared.Adopt(process.Id);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var node = new AnvilNode(process, port);
        await node.ReadyAsync();
        return node;
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public Task MineAsync(int blocks = 1) => Rpc.CallAsync("anvil_mine", Hex((ulong)blocks));

    public async Task<long> HeightAsync() => ReadHex((await Rpc.CallAsync("eth_blockNumber")).GetString()!);

    /// <summary>The time of the newest block in Unix seconds.</summary>
    public async Task<long> TimeAsync() =>
        ReadHex((await Rpc.CallAsync("eth_getBlockByNumber", "latest", false)).GetProperty("timestamp").GetString()!);

    /// <summary>The next block gets this time.</summary>
    public Task SetNextTimeAsync(long unixSeconds) =>
        Rpc.CallAsync("evm_setNextBlockTimestamp", Hex((ulong)unixSeconds));

    public async Task<string> SnapshotAsync() => (await Rpc.CallAsync("evm_snapshot")).GetString()!;

    /// <summary>Takes the chain back to a snapshot: the blocks since are gone, and others may be mined.</summary>
    public Task RevertAsync(string snapshot) => Rpc.CallAsync("evm_revert", snapshot);

    /// <summary>Sends a transaction of an account whose key the node holds; it waits until a block is mined.</summary>
    public async Task<string> SendAsync(string from, string? to, string data, ulong gas = 20_000_000) =>
        (
            await Rpc.CallAsync(
                "eth_sendTransaction",
                new Dictionary<string, string?>
                {
                    ["from"] = from,
                    ["to"] = to,
                    ["data"] = data,
                    ["gas"] = Hex(gas),
                }
                    .Where(p => p.Value is not null)
                    .ToDictionary()
            )
        ).GetString()!;

    public async Task<JsonElement?> ReceiptAsync(string hash)
    {
        var receipt = await Rpc.CallAsync("eth_getTransactionReceipt", hash);
        return receipt.ValueKind == JsonValueKind.Null ? null : receipt;
    }

    /// <summary>Ends the node at once, as a machine that loses power does. Its chain is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
        Orphans.Shared.Release(_process.Id);
        _process.Dispose();
        Rpc.Dispose();
    }

    /// <summary>Stops answering without losing the chain (SIGSTOP), until <see cref="Resume"/>.</summary>
    public void Pause() => Signal("STOP");

    public void Resume() => Signal("CONT");

    public static string Hex(ulong value) => "0x" + value.ToString("x", CultureInfo.InvariantCulture);

    public static long ReadHex(string text) =>
        long.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-s", name, Text(_process.Id)]);
        kill.WaitForExit();
    }

    private async Task ReadyAsync()
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                var accounts = await Rpc.CallAsync("eth_accounts");
                (Payer, OtherPayer) = (accounts[0].GetString()!, accounts[1].GetString()!);
                return;
            }
            catch (HttpRequestException) when (watch.Elapsed < TimeSpan.FromSeconds(30) && !_process.HasExited)
            {
                await Task.Delay(20);
            }
        }
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
