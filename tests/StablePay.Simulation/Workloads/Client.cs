using StablePay.Engine.Access;
using StablePay.Engine.Checkout;
using StablePay.Simulation.World;

namespace StablePay.Simulation.Workloads;

/// <summary>What came back of a request.</summary>
/// <param name="Status">As HTTP; 0 for no answer in time.</param>
/// <param name="Body">The bytes of the answer.</param>
internal sealed record Answered(int Status, byte[] Body);

/// <summary>
/// Whoever calls StablePay from outside: it asks any process that serves, waits so long, and does not know what became of
/// a request that was not answered.
/// </summary>
internal sealed class Client(SimWorld world, Chance chance)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly Answered Nothing = new(0, []);

    /// <summary>The answer, or null if there was none in time.</summary>
    public Task<T?> AskAsync<T>(Func<Engine.Engine, Task<T>> request)
        where T : class
    {
        var reply = new TaskCompletionSource<T?>();
        world.Agenda.After(Patience, () => reply.TrySetResult(null));
        if (world.AnyServing(chance) is { } process)
            process.Serve(async engine =>
            {
                T? answer = null;
                try
                {
                    answer = await request(engine);
                }
                catch (Exception)
                {
                    // What a server answers with status 500; to the caller it is as good as no answer.
                }
                world.Agenda.After(
                    chance.Milliseconds(5, 80),
                    () =>
                    {
                        if (!process.IsDead)
                            reply.TrySetResult(answer);
                    }
                );
            });
        return reply.Task;
    }

    public Task WaitAsync(TimeSpan time)
    {
        var over = new TaskCompletionSource();
        world.Agenda.After(time, () => over.TrySetResult());
        return over.Task;
    }

    /// <summary>
    /// A signed request as the API takes it: key, nonce and idempotency key first, then the use case, then what it did
    /// not write itself.
    /// </summary>
    public async Task<Answered> CallAsync(
        string apiKey,
        string nonce,
        (string Key, string Hash)? idempotency,
        Func<Engine.Engine, Caller, Task<Result<SessionAnswer>>> run
    ) =>
        await AskAsync(async engine =>
        {
            var known = await engine.Keys.FindAsync(apiKey) ?? throw new InvalidOperationException("no such key");
            switch (await engine.Claims.BeginAsync(known, nonce, idempotency, CancellationToken.None))
            {
                case RequestStart.Refused refused:
                    return AnswerOf(refused.Rejection);
                case RequestStart.Replay replay:
                    return new Answered(replay.Status, replay.Body);
                case RequestStart.Run start:
                    var result = await run(engine, new Caller(known.Key, known.Store, known.Merchant, start.Scope));
                    var answer = result.IsOk ? new Answered(200, result.Value.Json) : AnswerOf(result.Rejection);
                    if (result.Rejection?.Code == ErrorCode.NonceReused)
                        return answer;
                    var late = await engine.Claims.FinishAsync(
                        start.Scope,
                        answer.Status,
                        answer.Body,
                        CancellationToken.None
                    );
                    return late is null ? answer : AnswerOf(late);
                default:
                    throw new System.Diagnostics.UnreachableException();
            }
        }) ?? Nothing;

    private static Answered AnswerOf(Rejection rejection) =>
        new(422, System.Text.Encoding.UTF8.GetBytes(rejection.Code.ToString()!));
}
