using System.Data.Common;

namespace StablePay.Storage;

/// <summary>The program's database, SQLite or PostgreSQL: one table object per table, and one place to write.</summary>
public sealed class Database : IAsyncDisposable
{
    private readonly Db _db;

    private Database(Db db)
    {
        _db = db;
        Commits = new Committer(db);
        Sessions = new SessionTable(db);
        Transfers = new TransferTable(db);
        Events = new EventTable(db);
        Jobs = new JobTable(db);
        Leases = new LeaseTable(db);
        Addresses = new AddressTable(db);
        Acceptance = new AcceptanceTable(db);
        Locators = new LocatorTable(db);
        Endpoints = new EndpointTable(db);
        Deliveries = new DeliveryTable(db);
        Access = new AccessTable(db);
        Nonces = new NonceTable(db);
        Idempotency = new IdempotencyTable(db);
        Rates = new RateTable(db);
        TestClocks = new TestClockTable(db);
        Sandbox = new SandboxTable(db);
        Ledger = new LedgerTable(db);
        LedgerSums = new LedgerSums(db);
        Reconciliation = new ReconciliationTable(db);
    }

    public Committer Commits { get; }
    public SessionTable Sessions { get; }
    public TransferTable Transfers { get; }
    public EventTable Events { get; }
    public JobTable Jobs { get; }
    public LeaseTable Leases { get; }
    public AddressTable Addresses { get; }
    public AcceptanceTable Acceptance { get; }
    public LocatorTable Locators { get; }
    public EndpointTable Endpoints { get; }
    public DeliveryTable Deliveries { get; }
    public AccessTable Access { get; }
    public NonceTable Nonces { get; }
    public IdempotencyTable Idempotency { get; }
    public RateTable Rates { get; }
    public TestClockTable TestClocks { get; }
    public SandboxTable Sandbox { get; }
    public LedgerTable Ledger { get; }
    public LedgerSums LedgerSums { get; }
    public ReconciliationTable Reconciliation { get; }

    /// <summary>
    /// Opens the database and brings it up to date. Throws <see cref="StartupRefusedException"/> with a sentence for
    /// the operator when the program must not run on it.
    /// </summary>
    public static Task<Database> OpenAsync(DatabaseOptions options, TimeProvider clock, CancellationToken ct) =>
        OpenAsync(options, clock, Seams.None, ct);

    internal static async Task<Database> OpenAsync(
        DatabaseOptions options,
        TimeProvider clock,
        Seams seams,
        CancellationToken ct
    )
    {
        Db db = options.Provider switch
        {
            DatabaseOptions.Sqlite => SqliteDb.Open(options.ConnectionString, clock, seams),
            DatabaseOptions.Postgres => PostgresDb.Open(options.ConnectionString, clock, seams),
            _ => throw new StartupRefusedException(
                $"The database provider is '{options.Provider}', but it has to be 'sqlite' or 'postgres'."
            ),
        };
        try
        {
            await Migrations.RunAsync(db, clock, seams, ct);
            return new Database(db);
        }
        catch (Exception e) when (e is StorageUnavailableException or DbException)
        {
            await db.DisposeAsync();
            throw new StartupRefusedException(
                $"The database cannot be used ({e.Message.TrimEnd('.')}). "
                    + "Check that it runs and that the connection settings are right.",
                e
            );
        }
        catch
        {
            await db.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _db.DisposeAsync();
}
