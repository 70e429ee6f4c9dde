-- One text for both databases. Instants are Unix milliseconds. Amounts are 39 digits, zero-padded, so that they sort and
-- compare as numbers. Flags are 0 or 1. Ids are text that ascends by creation time.
-- Foreign keys stand on the tables that are written rarely. sessions, nonces and jobs are written with every request,
-- and there a key would make PostgreSQL lock and rewrite the one store row for each of them.

create table merchants (
    id text primary key,
    name text not null,
    created_at_ms bigint not null
);

create table stores (
    id text primary key,
    merchant_id text not null references merchants (id),
    name text not null,
    status text not null check (status in ('pending', 'approved', 'disabled')),
    session_lifetime_ms bigint not null check (session_lifetime_ms > 0),
    tolerance_bp bigint not null check (tolerance_bp between 0 and 1000),
    created_at_ms bigint not null
);

create table api_keys (
    key text primary key,
    store_id text not null references stores (id),
    mode text not null check (mode in ('live', 'test')),
    permissions bigint not null,
    sealed_secrets text not null,
    allowed_addresses text not null,
    created_at_ms bigint not null,
    revoked_at_ms bigint
);

create table nonces (
    key_id text not null,
    nonce text not null,
    expires_at_ms bigint not null,
    primary key (key_id, nonce)
);

create index nonces_expiry on nonces (expires_at_ms);

create table idempotency (
    key_id text not null,
    idempotency_key text not null,
    request_hash text not null,
    owner text not null,
    state text not null check (state in ('running', 'done')),
    status bigint not null,
    body {bytes},
    running_until_ms bigint not null,
    expires_at_ms bigint not null,
    primary key (key_id, idempotency_key),
    check ((state = 'done') = (body is not null))
);

create index idempotency_expiry on idempotency (expires_at_ms);

create table checkout_sessions (
    id text primary key,
    merchant_id text not null,
    store_id text not null,
    mode text not null check (mode in ('live', 'test')),
    order_id text not null,
    details text not null,
    currency text not null,
    amount_minor bigint not null check (amount_minor > 0),
    rate_unscaled text not null,
    rate_source text not null,
    rate_locked_at_ms bigint not null,
    due_cents bigint not null check (due_cents > 0),
    tolerance_bp bigint not null check (tolerance_bp between 0 and 1000),
    created_at_ms bigint not null,
    expires_at_ms bigint not null,
    state text not null check (state in
        ('awaiting', 'underpaid', 'confirming', 'frozen', 'paid', 'expired', 'canceled', 'failed')),
    choices text not null,
    included text not null check (length(included) = 39),
    final text not null check (length(final) = 39),
    late text not null check (length(late) = 39),
    wrong_token_transfers bigint not null check (wrong_token_transfers >= 0),
    was_reversed bigint not null check (was_reversed in (0, 1)),
    paid_at_ms bigint,
    canceled_at_ms bigint,
    version bigint not null check (version >= 1),
    check ((state = 'paid') = (paid_at_ms is not null)),
    check (expires_at_ms >= created_at_ms)
);

-- An order is paid once: at most one session of it is open or paid.
create unique index checkout_sessions_order on checkout_sessions (merchant_id, mode, order_id)
    where state in ('awaiting', 'underpaid', 'confirming', 'frozen', 'paid');

create index checkout_sessions_store on checkout_sessions (store_id, mode, id);

create table address_indexes (
    scheme text primary key,
    next_index bigint not null check (next_index >= 0)
);

create table deposit_addresses (
    network text not null,
    address text not null,
    session_id text not null references checkout_sessions (id),
    store_id text not null,
    address_index bigint not null check (address_index >= 0),
    created_at_ms bigint not null,
    primary key (network, address),
    unique (network, address_index)
);

create index deposit_addresses_time on deposit_addresses (network, created_at_ms, address);

create table transfers (
    id text primary key,
    network text not null,
    tx_hash text not null,
    position bigint not null check (position >= 0),
    asset text not null,
    contract text not null,
    decimals bigint not null check (decimals between 0 and 18),
    atoms text not null check (length(atoms) = 39),
    from_address text not null,
    to_address text not null,
    session_id text not null references checkout_sessions (id),
    store_id text not null,
    block_height bigint not null,
    block_hash text not null,
    block_time_ms bigint not null,
    state text not null check (state in ('included', 'orphaned', 'final')),
    class text not null check (class in ('counted', 'late', 'wrong_token', 'dust', 'internal')),
    seen_at_ms bigint not null,
    version bigint not null check (version >= 1),
    unique (tx_hash, network, position)
);

create index transfers_session on transfers (session_id);

create index transfers_included on transfers (network, block_height) where state = 'included';

create table quarantined_transfers (
    network text not null,
    block_hash text not null,
    tx_hash text not null,
    position bigint not null,
    block_height bigint not null,
    reason text not null,
    seen_at_ms bigint not null,
    primary key (network, block_hash, tx_hash, position)
);

create table block_locators (
    network text primary key,
    tip_height bigint not null,
    tip_hash text not null,
    tip_time_ms bigint not null,
    final_height bigint not null,
    ancestors text not null
);

create table ledger_entries (
    id text primary key,
    cause text not null,
    store_id text not null,
    at_ms bigint not null
);

create index ledger_entries_store on ledger_entries (store_id, id);

create table postings (
    entry_id text not null references ledger_entries (id),
    cause text not null,
    account text not null,
    token_id text not null,
    network text not null,
    asset text not null,
    contract text not null,
    decimals bigint not null,
    side text not null check (side in ('debit', 'credit')),
    atoms text not null check (length(atoms) = 39),
    primary key (account, token_id, cause)
);

create index postings_entry on postings (entry_id);

-- Two unsigned totals per store account, as the entries added up. The upper bound is 2^128 - 1.
create table ledger_balances (
    account text not null,
    token_id text not null,
    debits text not null check (length(debits) = 39 and debits <= '340282366920938463463374607431768211455'),
    credits text not null check (length(credits) = 39 and credits <= '340282366920938463463374607431768211455'),
    primary key (account, token_id)
);

create table event_sequences (
    store_id text not null references stores (id),
    mode text not null check (mode in ('live', 'test')),
    last bigint not null,
    primary key (store_id, mode)
);

create table events (
    id text primary key,
    store_id text not null,
    mode text not null check (mode in ('live', 'test')),
    sequence bigint not null check (sequence >= 1),
    type text not null,
    object_id text not null,
    object_version bigint not null,
    created_at_ms bigint not null,
    body text not null,
    unique (store_id, mode, sequence)
);

create table webhook_endpoints (
    id text primary key,
    store_id text not null references stores (id),
    mode text not null check (mode in ('live', 'test')),
    url text not null,
    description text,
    events text not null,
    status text not null check (status in ('enabled', 'disabled', 'deleted')),
    sealed_secrets text not null,
    created_at_ms bigint not null,
    version bigint not null check (version >= 1),
    check (events = '' or (substr(events, 1, 1) = ',' and length(events) > 2))
);

create index webhook_endpoints_store on webhook_endpoints (store_id, mode, id);

create table deliveries (
    id text primary key,
    event_id text not null,
    endpoint_id text not null,
    state text not null check (state in ('pending', 'delivered', 'exhausted')),
    attempts bigint not null check (attempts >= 0),
    last_status bigint,
    last_error text,
    created_at_ms bigint not null,
    finished_at_ms bigint,
    version bigint not null check (version >= 1),
    check ((state = 'pending') = (finished_at_ms is null))
);

create index deliveries_endpoint on deliveries (endpoint_id, id);

-- A claimed job is a ready one whose due time has moved to the end of its lease: there is no state to get stuck in.
create table jobs (
    id text primary key,
    kind text not null,
    subject text not null,
    lane text not null,
    state text not null check (state in ('ready', 'done', 'dead')),
    due_at_ms bigint not null,
    attempt bigint not null check (attempt >= 0),
    lease_owner text,
    unique_key text not null unique,
    last_error text,
    created_at_ms bigint not null,
    check (state = 'ready' or lease_owner is null),
    check (lease_owner is null or attempt > 0)
);

-- Jobs without a lane are the frequent ones, so they pay for one index only.
create index jobs_due on jobs (due_at_ms) where state = 'ready' and lane = '';

create index jobs_due_in_lanes on jobs (due_at_ms) where state = 'ready' and lane <> '';

create index jobs_lanes on jobs (lane, due_at_ms) where state = 'ready' and lane <> '';

create table leases (
    name text primary key,
    owner text not null,
    term bigint not null check (term >= 1),
    expires_at_ms bigint not null
);

create table rates (
    currency text primary key,
    rate_unscaled text not null,
    source text not null,
    as_of_ms bigint not null,
    saved_at_ms bigint not null,
    detail text not null
);
