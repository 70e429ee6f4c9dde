using StablePay.Engine.Access;
using StablePay.Engine.Watching;
using StablePay.Storage;

namespace StablePay.Engine.Acceptance;

/// <summary>
/// What a store accepts before it is final: the store's own risk, so it is the store that says it. What is credited,
/// and when, never depends on it.
/// </summary>
public sealed class AcceptanceDesk(Database database, NetworkBook networks)
{
    /// <summary>The caller's table of each network that has one.</summary>
    public Task<IReadOnlyDictionary<NetworkId, AcceptanceTiers>> ListAsync(Caller caller, CancellationToken ct) =>
        database.Acceptance.ListByStoreAsync(caller.Store.Id, ct);

    /// <summary>
    /// What the caller's store went without so far because its tolerance took less for paid, by the token's id
    /// (PAY-02).
    /// </summary>
    public async Task<IReadOnlyDictionary<string, UInt128>> ToleratedAsync(Caller caller, CancellationToken ct) =>
        (await database.Ledger.TotalsAsync(Core.Ledger.LedgerAccount.StoreTolerance(caller.Store.Id), ct)).ToDictionary(
            t => t.Key,
            t => t.Value.Debits
        );

    /// <summary>Puts a table in place of the one before; an empty one accepts nothing early.</summary>
    public async Task<Result<AcceptanceView>> SetAsync(
        Caller caller,
        NetworkId network,
        IReadOnlyList<AcceptanceTier> tiers,
        CancellationToken ct
    )
    {
        if (networks.Find(network) is not { } known || known.IsLive != caller.Live)
            return new Rejection(ErrorCode.ResourceNotFound, "There is no such network.");
        var table = AcceptanceTiers.Of(tiers);
        if (!table.IsOk)
            return table.Rejection;
        var view = AcceptanceView.From(network, table.Value);
        var commit = new Commit().Put(caller.Store.Id, network, table.Value);
        caller.Scope.AddTo(commit, 200, view.ToJson());
        var result = await database.Commits.RunAsync(commit, ct);
        if (RequestScope.RefusalOf(result) is { } lost)
            return lost;
        Invariant.Holds(result.IsDone, $"an acceptance table was refused: {result}");
        caller.Scope.MarkSpent();
        return view;
    }
}
