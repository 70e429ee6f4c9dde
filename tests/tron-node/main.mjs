// The HTTP face of the emulator: the full node's API under /wallet and /walletsolidity, and /control for tests.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import {
  BANDWIDTH_PRICE, Chain, ENERGY_GROWTH, ENERGY_PRICE, FREE_BANDWIDTH, HIGHEST_FEE_LIMIT, Refused,
} from './chain.mjs';

const { TronWeb, utils } = createRequire(new URL('../js/package.json', import.meta.url))('tronweb');

const { values: options } = parseArgs({
  options: { anvil: { type: 'string' }, port: { type: 'string', default: '0' }, solid: { type: 'string', default: '19' } },
});
if (!options.anvil) {
  console.error('--anvil is needed: the address of an anvil node.');
  process.exit(2);
}

let asked = 0;
async function anvil(method, params = []) {
  const answer = await fetch(options.anvil, {
    method: 'POST', headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: ++asked, method, params }),
  });
  const { result, error } = await answer.json();
  if (error) throw new Error(`${method}: ${error.message}`);
  return result;
}

const chain = await Chain.start(anvil, { solid: Number(options.solid) });
const failures = [];

/** Members that are zero or empty are left out, as protocol buffers do. */
function told(block, detail) {
  if (!block) return {};
  const raw_data = Object.fromEntries(Object.entries(block.raw).filter(([, value]) => value !== 0 && value !== ''));
  return {
    blockID: block.id,
    block_header: { raw_data, witness_signature: '00'.repeat(65) },
    ...(detail && block.done.length ? { transactions: block.done.map(({ tx }) => tx) } : {}),
  };
}

// The emulator's own payer, worth nothing anywhere.
const payerKey = '0'.repeat(63) + '7';
const payer = TronWeb.address.fromPrivateKey(payerKey);
await chain.fund(TronWeb.address.toHex(payer), 1_000_000_000_000n);

/** Addresses as the virtual machine knows them; a list of them too. */
const evm = (value) => (Array.isArray(value) ? value.map(evm) : '0x' + hex41(value).slice(2));

const hex41 = (address) => (address.startsWith('41') ? address : TronWeb.address.toHex(address));

function built(contract) {
  const { id, number, timestamp } = chain.tip;
  const tx = {
    visible: false, txID: '', raw_data_hex: '',
    raw_data: {
      ...contract,
      ref_block_bytes: (number & 0xffff).toString(16).padStart(4, '0'), ref_block_hash: id.slice(16, 32),
      expiration: timestamp + 60_000, timestamp,
    },
  };
  const pb = utils.transaction.txJsonToPb(tx);
  return {
    ...tx, txID: utils.transaction.txPbToTxID(pb).replace(/^0x/, ''),
    raw_data_hex: utils.transaction.txPbToRawDataHex(pb).toLowerCase(),
  };
}

/** What the node knows of blocks up to a height: the head, or the solidified block. */
const view = (limit) => ({
  getnowblock: () => told(chain.at(limit()), true),
  getblock: ({ id_or_num, detail = false } = {}) => {
    if (id_or_num === undefined) return told(chain.at(limit()), detail);
    const number = String(id_or_num).length === 64 ? parseInt(id_or_num.slice(0, 16), 16) : Number(id_or_num);
    const block = number <= limit() ? chain.at(number) : undefined;
    return told(String(id_or_num).length === 64 && block?.id !== id_or_num ? undefined : block, detail);
  },
  getblockbynum: ({ num }) => told(num <= limit() ? chain.at(num) : undefined, true),
  getblockbyid: ({ value }) => {
    const block = chain.at(parseInt(value.slice(0, 16), 16));
    return told(block?.id === value && block.number <= limit() ? block : undefined, true);
  },
  gettransactioninfobyblocknum: ({ num }) => (num <= limit() ? chain.at(num)?.done.map(({ info }) => info) : null) ?? [],
  gettransactioninfobyid: ({ value }) => visible(value, limit)?.info ?? {},
  gettransactionbyid: ({ value }) => visible(value, limit)?.tx ?? {},
  getaccount: async ({ address }) => {
    const balance = Number(await chain.balance(hex41(address)));
    return balance ? { address: hex41(address), balance } : {};
  },
  triggerconstantcontract: async (question) => {
    const hex = (text) => Buffer.from(text).toString('hex');
    if (!(await chain.isContract(question.contract_address)))
      return { result: { code: 'CONTRACT_VALIDATE_ERROR', message: hex('Smart contract is not exist.') } };
    const told = { result: { result: true }, constant_result: [''], transaction: { ret: [{}] } };
    const failed = () => {
      told.result.message = hex('REVERT opcode executed');
      told.transaction.ret = [{ ret: 'FAILED' }];
    };
    if (limit() !== chain.head) {
      // On what an older block left nothing can be tried, only asked: the energy is a figure of no meaning.
      told.energy_used = 1;
      try {
        told.constant_result = [(await chain.call(question, chain.at(limit()).evm)).slice(2)];
      } catch {
        failed();
      }
      return told;
    }
    const { energy, reverted } = await chain.trial(question);
    told.energy_used = energy;
    if (reverted) failed();
    else told.constant_result = [(await chain.call(question)).slice(2)];
    return told;
  },
});

const visible = (id, limit) => {
  const known = chain.known.get(id);
  return known?.block && known.block.number <= limit() ? known : undefined;
};

/** @param read gives the transaction, or refuses what was sent. */
async function broadcast(read) {
  let tx;
  try {
    tx = read();
    return { result: true, txid: await chain.broadcast(tx) };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { code: error.code, txid: tx?.txID, message: Buffer.from(error.message).toString('hex') };
  }
}

/** A transaction's message as tronweb reads it, in the form in which wallets send it. */
function fromHex(transaction) {
  const message = globalThis.TronWebProto.Transaction.deserializeBinary(Uint8Array.from(Buffer.from(transaction, 'hex')));
  const type = { 1: 'TransferContract', 31: 'TriggerSmartContract' }[message.getRawData()?.getContractList()[0]?.getType()];
  if (!type) throw new Refused('CONTRACT_VALIDATE_ERROR', 'the contract is not emulated');
  const raw_data_hex = Buffer.from(message.getRawData().serializeBinary()).toString('hex');
  return {
    visible: false, txID: utils.transaction.txPbToTxID(message).replace(/^0x/, ''), raw_data_hex,
    raw_data: utils.deserializeTx.deserializeTransaction(type, raw_data_hex),
    signature: message.getSignatureList_asU8().map((signature) => Buffer.from(signature).toString('hex')),
  };
}

const wallet = {
  ...view(() => chain.head),
  broadcasttransaction: (tx) => broadcast(() => tx),
  broadcasthex: ({ transaction }) => broadcast(() => fromHex(transaction)),
  triggersmartcontract: ({ owner_address, contract_address, function_selector, parameter, data, call_value, fee_limit }) => ({
    result: { result: true },
    transaction: built({
      contract: [{
        type: 'TriggerSmartContract',
        parameter: {
          type_url: 'type.googleapis.com/protocol.TriggerSmartContract',
          value: {
            owner_address, contract_address, data: data ?? chain.selector(function_selector) + (parameter ?? ''),
            ...(call_value ? { call_value } : {}),
          },
        },
      }],
      fee_limit,
    }),
  }),
  getchainparameters: () => ({
    chainParameter: [
      { key: 'getTransactionFee', value: BANDWIDTH_PRICE }, { key: 'getEnergyFee', value: ENERGY_PRICE },
      { key: 'getAllowUpdateAccountName' }, { key: 'getFreeNetLimit', value: FREE_BANDWIDTH },
      { key: 'getMaxFeeLimit', value: HIGHEST_FEE_LIMIT }, { key: 'getDynamicEnergyIncreaseFactor', value: ENERGY_GROWTH },
    ],
  }),
  getaccountresource: ({ address }) => {
    const { used } = chain.bandwidthUsed(hex41(address));
    return { ...(used ? { freeNetUsed: used } : {}), freeNetLimit: FREE_BANDWIDTH };
  },
};

const control = {
  /** Signs and broadcasts a call of the payer; answers the transaction's id. */
  call: async ({ contract, call, types, values, fee_limit = 1_000_000_000 }) => {
    const { transaction } = wallet.triggersmartcontract({
      owner_address: hex41(payer), contract_address: hex41(contract), fee_limit,
      function_selector: call, parameter: utils.abi.encodeParams(types, values.map((value, i) => (types[i].startsWith('address') ? evm(value) : value))).slice(2),
    });
    return { txid: await chain.broadcast(utils.crypto.signTransaction(payerKey, transaction)) };
  },
  mine: ({ blocks = 1 }) => chain.mine(blocks),
  fork: ({ depth = 1, drop = false }) => chain.fork(depth, drop),
  lag: ({ blocks }) => { chain.lag = blocks; },
  fund: ({ address, sun }) => chain.fund(hex41(address), sun),
  fail: ({ path, times = 1, status = 200, body }) => { failures.push({ path, times, status, body }); },
};

const rooms = { wallet, walletsolidity: view(() => chain.solidified), control };

// One question after the other: the chain is one state.
let turn = Promise.resolve();
const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  const answer = (status, body) => response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  turn = turn.then(async () => {
    const failure = failures.find((f) => f.path === pathname && f.times > 0);
    if (failure) {
      failure.times--;
      return answer(failure.status, failure.body);
    }
    try {
      const [, room, call] = pathname.split('/');
      const handler = rooms[room] && Object.hasOwn(rooms[room], call) ? rooms[room][call] : null;
      if (!handler) return answer(404, '{"Error":"no such call"}');
      const text = Buffer.concat(chunks).toString();
      const question = text ? JSON.parse(text) : Object.fromEntries(searchParams);
      return answer(200, JSON.stringify((await handler(question)) ?? {}));
    } catch (error) {
      return answer(200, JSON.stringify({ Error: `class ${error.name} : ${error.message}` }));
    }
  });
});
server.listen(Number(options.port), '127.0.0.1', () =>
  console.log(JSON.stringify({ url: `http://127.0.0.1:${server.address().port}`, payer })));
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
