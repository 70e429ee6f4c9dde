// tronweb as an ordinary client of the emulator: what a wallet does, and what a node refuses. Prints what it saw as JSON.
//   node client.mjs URL CONTRACT RECIPIENT
import { createRequire } from 'node:module';

const { TronWeb } = createRequire(new URL('../js/package.json', import.meta.url))('tronweb');
const [url, contract, recipient] = process.argv.slice(2);
const key = '1'.repeat(64);
const client = new TronWeb({ fullHost: url, privateKey: key });
const me = client.defaultAddress.base58;

const control = async (what, order = {}) =>
  (await fetch(new URL(`/control/${what}`, url), { method: 'POST', body: JSON.stringify(order) })).json();
const transfer = async (atoms, options = {}) => {
  const { transaction } = await client.transactionBuilder.triggerSmartContract(
    contract, 'transfer(address,uint256)', { feeLimit: 100_000_000, ...options },
    [{ type: 'address', value: recipient }, { type: 'uint256', value: atoms }], me);
  return transaction;
};
const send = async (transaction) => {
  const answer = await client.trx.sendRawTransaction(await client.trx.sign(transaction));
  return answer.result === true ? 'taken' : answer.code;
};
const outcome = async (id) => {
  const info = await client.trx.getUnconfirmedTransactionInfo(id);
  return [info.receipt?.result, info.result ?? null, info.log?.length ?? 0];
};
const changed = (transaction, change) => {
  const copy = structuredClone(transaction);
  change(copy);
  return copy;
};
const direct = async (signed) => (await client.fullNode.request('wallet/broadcasttransaction', signed, 'post')).code ?? 'taken';

const seen = {};
await control('fund', { address: me, sun: 1_000_000_000 });
await control('call', { contract, call: 'transfer(address,uint256)', types: ['address', 'uint256'], values: [me, '1000'] });
await control('mine');
const balanceOf = async (who) => {
  const answer = await client.transactionBuilder.triggerConstantContract(
    contract, 'balanceOf(address)', {}, [{ type: 'address', value: who }], me);
  return Number(BigInt('0x' + answer.constant_result[0]));
};
seen.before = await balanceOf(me);

const paid = await transfer(7);
const signed = await client.trx.sign(paid);
seen.taken = await send(paid);
seen.twice = await direct(signed);
seen.pending = await client.trx.getUnconfirmedTransactionInfo(paid.txID);
await control('mine');
seen.paid = await outcome(paid.txID);
seen.balances = [await balanceOf(me), await balanceOf(recipient)];
seen.solidTooEarly = await client.trx.getTransactionInfo(paid.txID);
await control('mine', { blocks: 19 });
seen.solid = (await client.trx.getTransactionInfo(paid.txID)).id === paid.txID;

const tooMuch = await transfer(1_000_000);
await send(tooMuch);
await control('mine');
seen.reverted = await outcome(tooMuch.txID);
const starved = await transfer(1, { feeLimit: 100_000 });
await send(starved);
await control('mine');
seen.starved = await outcome(starved.txID);

const good = await client.trx.sign(await transfer(1));
seen.forged = await direct(changed(good, (t) => { t.signature = [new TronWeb({ fullHost: url }).utils.crypto
  .signTransaction('2'.repeat(64), structuredClone({ ...t, signature: undefined })).signature[0]]; }));
seen.changed = await direct(changed(good, (t) => { t.raw_data.contract[0].parameter.value.contract_address = '41' + '9'.repeat(40); }));
const header = (more) => client.trx.getCurrentRefBlockParams().then((now) => ({ txLocal: true, blockHeader: { ...now, ...more } }));
seen.reference = await send(await transfer(2, await header({ ref_block_hash: '00'.repeat(8) })));
seen.expired = await send(await transfer(3, await header({ expiration: 1 })));
const broke = new TronWeb({ fullHost: url, privateKey: '3'.repeat(64) });
seen.poor = (await broke.trx.sendRawTransaction(await broke.trx.sign(
  (await broke.transactionBuilder.triggerSmartContract(contract, 'transfer(address,uint256)', { feeLimit: 1_000_000, callValue: 5 },
    [{ type: 'address', value: recipient }, { type: 'uint256', value: 1 }], broke.defaultAddress.base58)).transaction))).code;

const native = await client.transactionBuilder.sendTrx(recipient, 5, me);
seen.native = await send(native);
await control('mine');
seen.nativeBalance = await client.trx.getUnconfirmedBalance(recipient);
await control('fork', { depth: 1, drop: true });
seen.forked = [await client.trx.getUnconfirmedBalance(recipient), await client.trx.getUnconfirmedTransactionInfo(native.txID)];
console.log(JSON.stringify(seen));
process.exit(0);
