-- The sandbox networks: transfers that wait to be mined or stand in a block, and the branches made by forks.

create table sandbox_transfers (
    ordinal {identity},
    network text not null,
    tx_hash text not null,
    position bigint not null check (position >= 0),
    contract text not null,
    atoms text not null check (length(atoms) = 39),
    from_address text not null,
    to_address text not null,
    reverted bigint not null check (reverted in (0, 1)),
    height bigint,
    unique (network, tx_hash, position)
);

create index sandbox_transfers_height on sandbox_transfers (network, height);

create table sandbox_forks (
    network text not null,
    number bigint not null check (number >= 1),
    from_height bigint not null,
    primary key (network, number)
);
