-- Differences between our books and a chain: one that is not closed for each address, token and kind.
create table reconciliation_items (
    id text primary key,
    network text not null,
    asset text not null,
    contract text not null,
    decimals bigint not null check (decimals between 0 and 18),
    address text not null,
    session_id text not null references checkout_sessions (id),
    store_id text not null,
    kind text not null check (kind in ('missing', 'surplus', 'frozen')),
    state text not null check (state in ('suspected', 'open', 'closed')),
    ledger_atoms text not null check (length(ledger_atoms) = 39),
    chain_atoms text not null check (length(chain_atoms) = 39),
    block_height bigint not null,
    suspected_at_ms bigint not null,
    opened_at_ms bigint,
    closed_at_ms bigint,
    looked_in_cycle bigint not null,
    version bigint not null check (version >= 1),
    check ((state = 'suspected') = (opened_at_ms is null)),
    check ((state = 'closed') = (closed_at_ms is not null))
);

create unique index reconciliation_items_ongoing on reconciliation_items (network, address, contract, kind)
    where state <> 'closed';

create index reconciliation_items_suspected on reconciliation_items (network, suspected_at_ms)
    where state = 'suspected';

-- How far the comparison of each network is, or of the ledger with itself: an interrupted one goes on from there.
create table reconciliation_cycles (
    subject text primary key,
    cycle bigint not null check (cycle >= 1),
    started_at_ms bigint not null,
    finished_at_ms bigint,
    after_address text not null,
    compared bigint not null check (compared >= 0),
    faults bigint not null check (faults >= 0),
    version bigint not null check (version >= 1)
);

-- What came to an address, and what left it for another of ours.
create index transfers_recipient on transfers (network, to_address);

create index transfers_internal on transfers (network, from_address) where class = 'internal';
