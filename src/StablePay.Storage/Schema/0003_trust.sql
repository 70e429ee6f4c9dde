-- Transfers get the state 'accepted', which a store's own table gives before a block is final, and the class
-- 'unattributed', which takes in what came in a token or on a network that the session did not show. A CHECK cannot be
-- changed in place on both databases, so the table is made again.
create table transfers_new (
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
    state text not null check (state in ('included', 'accepted', 'orphaned', 'final')),
    class text not null check (class in ('counted', 'late', 'unattributed', 'dust', 'internal')),
    seen_at_ms bigint not null,
    version bigint not null check (version >= 1),
    check (state <> 'accepted' or class = 'counted'),
    unique (tx_hash, network, position)
);

insert into transfers_new
select id, network, tx_hash, position, asset, contract, decimals, atoms, from_address, to_address, session_id, store_id,
    block_height, block_hash, block_time_ms, state, case when class = 'wrong_token' then 'unattributed' else class end,
    seen_at_ms, version
from transfers;

drop table transfers;

alter table transfers_new rename to transfers;

create index transfers_session on transfers (session_id);

create index transfers_open on transfers (network, block_height) where state in ('included', 'accepted');

alter table checkout_sessions rename column wrong_token_transfers to unattributed_transfers;

alter table checkout_sessions add column accepted text not null
    default '000000000000000000000000000000000000000' check (length(accepted) = 39);

update checkout_sessions set accepted = final;

-- What each store accepts before it is final: pairs of an amount in coin cents and confirmations, as 10000:1,100000:6.
create table acceptance_tiers (
    store_id text not null references stores (id),
    network text not null,
    tiers text not null,
    primary key (network, store_id)
);
