namespace StablePay.Storage;

#pragma warning disable
public sealed record DatabaseOptions(string Provider, string ConnectionString);

public sealed class Database : IAsyncDisposable
{
    public static Task<Database> OpenAsync(DatabaseOptions options, TimeProvider clock, CancellationToken ct) => throw new NotSupportedException();
    public Committer Commits => throw new NotSupportedException();
    public SessionTable Sessions => throw new NotSupportedException();
    public TransferTable Transfers => throw new NotSupportedException();
    public EventTable Events => throw new NotSupportedException();
    public JobTable Jobs => throw new NotSupportedException();
    public LeaseTable Leases => throw new NotSupportedException();
    public AddressTable Addresses => throw new NotSupportedException();
    public LocatorTable Locators => throw new NotSupportedException();
    public EndpointTable Endpoints => throw new NotSupportedException();
    public DeliveryTable Deliveries => throw new NotSupportedException();
    public AccessTable Access => throw new NotSupportedException();
    public NonceTable Nonces => throw new NotSupportedException();
    public IdempotencyTable Idempotency => throw new NotSupportedException();
    public RateTable Rates => throw new NotSupportedException();
    public SandboxTable Sandbox => throw new NotSupportedException();
    public LedgerTable Ledger => throw new NotSupportedException();
    public ValueTask DisposeAsync() => throw new NotSupportedException();
}

public sealed class Commit
{
    public bool IsEmpty => throw new NotSupportedException();
    public Commit Insert(CheckoutSession session) => throw new NotSupportedException();
    public Commit Update(CheckoutSession before, CheckoutSession next) => throw new NotSupportedException();
    public Commit Insert(Transfer transfer) => throw new NotSupportedException();
    public Commit Update(Transfer before, Transfer next) => throw new NotSupportedException();
    public Commit Insert(DepositAddress address) => throw new NotSupportedException();
    public Commit Add(LedgerEntry entry) => throw new NotSupportedException();
    public Commit Add(NewEvent happened) => throw new NotSupportedException();
    public Commit Add(JobDraft draft, JobId id, Instant now) => throw new NotSupportedException();
    public Commit Spend(NonceClaim claim) => throw new NotSupportedException();
    public Commit Claim(IdempotencyClaim claim) => throw new NotSupportedException();
    public Commit Complete(IdempotencyClaim claim, int status, byte[] body) => throw new NotSupportedException();
    public Commit Move(BlockLocator locator) => throw new NotSupportedException();
    public Commit Guard(LeaseGrip grip) => throw new NotSupportedException();
    public Commit Quarantine(NetworkId network, BlockRef block, QuarantinedTransfer transfer, Instant now) => throw new NotSupportedException();
    public Commit Insert(WebhookEndpoint endpoint) => throw new NotSupportedException();
    public Commit Update(WebhookEndpoint before, WebhookEndpoint next) => throw new NotSupportedException();
    public Commit Insert(Delivery delivery) => throw new NotSupportedException();
    public Commit Update(Delivery before, Delivery next) => throw new NotSupportedException();
    public Commit Insert(Merchant merchant) => throw new NotSupportedException();
    public Commit Insert(Store store) => throw new NotSupportedException();
    public Commit Insert(ApiKey key) => throw new NotSupportedException();
    public Commit Update(ApiKey key) => throw new NotSupportedException();
    public Commit Finish(Job job, JobOutcome outcome) => throw new NotSupportedException();
}

public sealed class Committer
{
    public Task<CommitResult> RunAsync(Commit commit, CancellationToken ct) => throw new NotSupportedException();
}

public sealed class SessionTable
{
    public Task<CheckoutSession?> FindAsync(SessionId id, CancellationToken ct) => throw new NotSupportedException();
    public Task<CheckoutSession?> FindOpenByOrderAsync(MerchantId merchant, bool live, string orderId, CancellationToken ct) => throw new NotSupportedException();
    public Task<IReadOnlyList<CheckoutSession>> ListAsync(StoreId store, bool live, SessionFilter filter, CancellationToken ct) => throw new NotSupportedException();
}

public sealed class TransferTable
{
    public Task<Transfer?> FindAsync(TransferId id, CancellationToken ct) => throw new NotSupportedException();
    public Task<IReadOnlyList<Transfer>> ListBySessionAsync(SessionId session, CancellationToken ct) => throw new NotSupportedException();
    public Task<IReadOnlyList<Transfer>> ListIncludedAboveAsync(NetworkId network, long height, CancellationToken ct) => throw new NotSupportedException();
    public Task<IReadOnlyList<Transfer>> ListIncludedUpToAsync(NetworkId network, long height, CancellationToken ct) => throw new NotSupportedException();
    public Task<IReadOnlyList<QuarantineEntry>> ListQuarantinedAsync(NetworkId network, int limit, CancellationToken ct) => throw new NotSupportedException();
}

public sealed class EventTable
{
    public Task<IReadOnlyList<StoredEvent>> ListAsync(StoreId store, bool live, long after, int limit, CancellationToken ct) => throw new NotSupportedException();
    public Task<StoredEvent?> FindAsync(StoreId store, bool live, EventId id, CancellationToken ct) => throw new NotSupportedException();
    public Task<string?> BodyAsync(EventId id, CancellationToken ct) => throw new NotSupportedException();
}

public sealed class JobTable
{
    public Task<IReadOnlyList<Job>> ClaimAsync(string owner, Instant now, int limit, IReadOnlyCollection<string> fullLanes, CancellationToken ct) => throw new NotSupportedException();
    public Task<Instant?> NextDueAsync(CancellationToken ct) => throw new NotSupportedException();
    public Task<JobCounts> CountAsync(CancellationToken ct) => throw new NotSupportedException();
}

public sealed class LeaseTable
{
    public Task<LeaseGrip?> AcquireAsync(string name, string owner, TimeSpan length, Instant now, CancellationToken ct) => throw new NotSupportedException();
    public Task ReleaseAsync(LeaseGrip grip, CancellationToken ct) => throw new NotSupportedException();
}

public sealed class AddressTable
{
    public Task<DepositAddress?> FindAsync(NetworkId network, string address, CancellationToken ct) => throw new NotSupportedException();
    public IAsyncEnumerable<string> ListSinceAsync(NetworkId network, Instant since, CancellationToken ct) => throw new NotSupportedException();
    public Task<long> ReserveIndexesAsync(string scheme, int count, long atLeast, CancellationToken ct) => throw new NotSupportedException();
}

public sealed class LocatorTable
{
    public Task<BlockLocator?> FindAsync(NetworkId network, CancellationToken ct) => throw new NotSupportedException();
}

public sealed class EndpointTable
{
    public Task<WebhookEndpoint?> FindAsync(EndpointId id, CancellationToken ct) => throw new NotSupportedException();
    public Task<IReadOnlyList<WebhookEndpoint>> ListAsync(StoreId store, bool live, EndpointId? startingAfter, int limit, CancellationToken ct) => throw new NotSupportedException();
}

public sealed class DeliveryTable
{
    public Task<Delivery?> FindAsync(DeliveryId id, CancellationToken ct) => throw new NotSupportedException();
    public Task<IReadOnlyList<Delivery>> ListByEndpointAsync(EndpointId endpoint, DeliveryId? startingAfter, int limit, CancellationToken ct) => throw new NotSupportedException();
}

public sealed class AccessTable
{
    public Task<(ApiKey Key, Store Store, Merchant Merchant)?> FindKeyAsync(string key, CancellationToken ct) => throw new NotSupportedException();
    public Task<Store?> FindStoreAsync(StoreId id, CancellationToken ct) => throw new NotSupportedException();
    public Task<Merchant?> FindMerchantAsync(MerchantId id, CancellationToken ct) => throw new NotSupportedException();
    public Task<bool> AnyMerchantAsync(CancellationToken ct) => throw new NotSupportedException();
}

public sealed class NonceTable
{
    public Task<int> PruneAsync(Instant now, CancellationToken ct) => throw new NotSupportedException();
}

public sealed class IdempotencyTable
{
    public Task<IdempotencyRecord?> FindAsync(string keyId, string key, CancellationToken ct) => throw new NotSupportedException();
    public Task<bool> TakeOverAsync(IdempotencyClaim claim, Instant now, CancellationToken ct) => throw new NotSupportedException();
    public Task<int> PruneAsync(Instant now, CancellationToken ct) => throw new NotSupportedException();
}

public sealed class RateTable
{
    public Task SaveAsync(StoredRate rate, CancellationToken ct) => throw new NotSupportedException();
    public Task<IReadOnlyList<StoredRate>> AllAsync(CancellationToken ct) => throw new NotSupportedException();
}

public sealed class SandboxTable
{
    public Task AddPendingAsync(IReadOnlyList<SandboxTransfer> transfers, CancellationToken ct) => throw new NotSupportedException();
    public Task<int> MineAsync(NetworkId network, long height, CancellationToken ct) => throw new NotSupportedException();
    public Task<IReadOnlyList<SandboxTransfer>> ListAtAsync(NetworkId network, long height, CancellationToken ct) => throw new NotSupportedException();
    public Task<IReadOnlyList<SandboxTransfer>> ListPendingAsync(NetworkId network, CancellationToken ct) => throw new NotSupportedException();
    /// <summary>Abandons every block from this height on; its transfers wait again, or are gone when dropped.</summary>
    public Task<SandboxFork> ForkAsync(NetworkId network, long fromHeight, bool drop, CancellationToken ct) => throw new NotSupportedException();
    public Task<IReadOnlyList<SandboxFork>> ForksAsync(NetworkId network, CancellationToken ct) => throw new NotSupportedException();
}

public sealed class LedgerTable
{
    public Task<Balance> BalanceAsync(LedgerAccount account, Token token, CancellationToken ct) => throw new NotSupportedException();
    public Task<IReadOnlyList<LedgerEntry>> EntriesAsync(StoreId store, CancellationToken ct) => throw new NotSupportedException();
}

public sealed record DueJob(JobId Id, string Lane);
public sealed record LaneFilter(IReadOnlyCollection<string> Lanes, bool IsOnly);
public static class JobLook
{
    extension(JobTable jobs)
    {
        public Task<IReadOnlyList<DueJob>> DueAsync(Instant now, int limit, LaneFilter filter, CancellationToken ct) => throw new NotSupportedException();
        public Task<IReadOnlyList<Job>> ClaimAsync(string owner, Instant now, IReadOnlyList<JobId> ids, CancellationToken ct) => throw new NotSupportedException();
    }
}
