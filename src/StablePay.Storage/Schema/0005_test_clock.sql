-- A store's clock in test mode: from each point of real time on it is so much ahead. It only ever goes forward.
create table test_clock_steps (
    store_id text not null references stores (id),
    number bigint not null check (number >= 1),
    from_ms bigint not null,
    offset_ms bigint not null check (offset_ms > 0),
    primary key (store_id, number)
);

-- A movement of test money may have to wait for a time; one with comes_again_ms loses its block, and is sent again so
-- much later.
alter table sandbox_transfers add column not_before_ms bigint not null default 0;

alter table sandbox_transfers add column comes_again_ms bigint check (comes_again_ms > 0);

create index sandbox_transfers_leaving on sandbox_transfers (network, height) where comes_again_ms is not null;

-- Trouble with a sandbox network that one store plays and no other store sees.
create table sandbox_troubles (
    store_id text not null references stores (id),
    network text not null,
    kind text not null check (kind in ('slow', 'outage')),
    from_ms bigint not null,
    until_ms bigint not null,
    height bigint not null,
    primary key (store_id, network),
    check (until_ms > from_ms)
);

-- The two EVM networks of the sandbox share their addresses from now on, as the real ones do. The new row begins where
-- neither has issued an index.
insert into address_indexes (scheme, next_index)
select 'sandbox:evm', max(next_index) from address_indexes where scheme in ('sandbox:ethereum', 'sandbox:bsc')
having count(*) > 0;
