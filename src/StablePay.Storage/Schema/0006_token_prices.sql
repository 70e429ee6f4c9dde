-- What coins count for in a session where that is not a dollar: pairs of a coin and its price, as USDC:0.8712, or
-- USDC:none where the session does not take it. Test sessions have none.
alter table checkout_sessions add column token_prices text not null default ''
    check (token_prices = '' or mode = 'live');
