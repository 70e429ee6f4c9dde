// The chain of the emulator: blocks of transactions that tronweb has decoded and anvil has executed.
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';

const { utils } = createRequire(new URL('../js/package.json', import.meta.url))('tronweb');

const SUN_IN_WEI = 10n ** 12n;
export const ENERGY_PRICE = 100; // sun
export const BANDWIDTH_PRICE = 1000; // sun a byte
export const FREE_BANDWIDTH = 600; // bytes a day
export const HIGHEST_FEE_LIMIT = 15_000_000_000; // sun
export const ENERGY_GROWTH = 2000; // ten-thousandths a cycle
const TRIAL_GAS = '0x1312d00';
const INTERVAL = 3000; // ms
const DAY = 24 * 60 * 60 * 1000;
const REFERENCES = 65_536;
const RESULT_ROOM = 64; // bytes that a node adds for the result of a contract

/** A refusal with the code that a node answers. */
export class Refused extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** What calldata costs on an EVM node before a contract runs; TRON asks no energy for it. */
const intrinsic = (data) => 21_000 + [...Buffer.from(data.slice(2), 'hex')].reduce((sum, byte) => sum + (byte ? 16 : 4), 0);

const evm = (hex41) => '0x' + hex41.slice(2);
const padded = (number, digits) => number.toString(16).padStart(digits, '0');

export class Chain {
  constructor(anvil, { solid = 19, now = 1_790_000_000_000 } = {}) {
    Object.assign(this, { anvil, solid, lag: 0, clock: now - (now % INTERVAL), made: 0 });
    this.blocks = [];
    this.pending = [];
    this.known = new Map(); // every transaction that was ever taken, by id
    this.bandwidth = new Map(); // used today, by owner and day
    this.seal([], null);
  }

  static async start(anvil, options) {
    await anvil('evm_setAutomine', [false]);
    await anvil('anvil_autoImpersonateAccount', [true]);
    const chain = new Chain(anvil, options);
    chain.tip.evm = await anvil('eth_blockNumber');
    return chain;
  }

  get tip() { return this.blocks.at(-1); }
  get head() { return Math.max(0, this.tip.number - this.lag); }
  get solidified() { return Math.max(0, this.head - this.solid); }
  at(number) { return number <= this.head ? this.blocks[number] : undefined; }

  /** Takes a signed transaction into the pool, or refuses it as a node does. */
  async broadcast(tx) {
    if (!tx?.raw_data || !tx.txID || !utils.transaction.txCheck(tx))
      throw new Refused('SIGERROR', 'the transaction is not what its id says');
    if (this.known.has(tx.txID)) throw new Refused('DUP_TRANSACTION_ERROR', 'Dup transaction.');
    if (tx.raw_data.contract?.length !== 1) throw new Refused('CONTRACT_VALIDATE_ERROR', 'a transaction has one contract');
    const [contract] = tx.raw_data.contract;
    const owner = contract.parameter.value.owner_address;
    const signers = (tx.signature ?? []).map((signature) => utils.crypto.ecRecover(tx.txID, signature).toLowerCase());
    if (signers.length !== 1 || signers[0] !== owner.toLowerCase())
      throw new Refused('SIGERROR', 'Validate signature error');
    this.checkReference(tx.raw_data);
    const { expiration } = tx.raw_data;
    if (!(expiration > this.tip.timestamp && expiration <= this.tip.timestamp + DAY))
      throw new Refused('TRANSACTION_EXPIRATION_ERROR', 'Transaction expired');
    if (!['TransferContract', 'TriggerSmartContract'].includes(contract.type))
      throw new Refused('CONTRACT_VALIDATE_ERROR', `${contract.type} is not emulated`);
    if (contract.type === 'TriggerSmartContract' && !(tx.raw_data.fee_limit > 0 && tx.raw_data.fee_limit <= HIGHEST_FEE_LIMIT))
      throw new Refused('CONTRACT_VALIDATE_ERROR', `feeLimit must be > 0 and <= ${HIGHEST_FEE_LIMIT}`);
    await this.checkFunds(tx, owner, contract);
    this.known.set(tx.txID, { tx, info: null, block: null });
    this.pending.push(tx);
    return tx.txID;
  }

  checkReference({ ref_block_bytes, ref_block_hash }) {
    const low = parseInt(ref_block_bytes, 16);
    for (let n = this.tip.number; n >= 0 && n > this.tip.number - REFERENCES; n--) {
      if ((n & 0xffff) !== low) continue;
      if (this.blocks[n].id.slice(16, 32) === ref_block_hash.toLowerCase()) return;
      break;
    }
    throw new Refused('TAPOS_ERROR', 'Tapos check error');
  }

  async checkFunds(tx, owner, contract) {
    const balance = await this.balance(owner);
    const amount = BigInt(contract.parameter.value.amount ?? contract.parameter.value.call_value ?? 0);
    if (balance < amount) throw new Refused('CONTRACT_VALIDATE_ERROR', 'balance is not sufficient.');
    if (balance - amount < BigInt(this.bandwidthOf(tx, owner).fee))
      throw new Refused('BANDWITH_ERROR', 'Account resource insufficient error.');
  }

  /** What a transaction takes of its owner's free bandwidth, or costs. */
  bandwidthOf(tx, owner) {
    const message = utils.transaction.txJsonToPb(tx);
    for (const signature of tx.signature) message.addSignature(Uint8Array.from(Buffer.from(signature, 'hex')));
    const bytes = message.serializeBinary().length + RESULT_ROOM;
    const { key, used } = this.bandwidthUsed(owner);
    return used + bytes <= FREE_BANDWIDTH
      ? { key, usage: bytes, fee: 0 }
      : { key, usage: 0, fee: bytes * BANDWIDTH_PRICE };
  }

  /** What an account took of today's free bandwidth, in bytes. */
  bandwidthUsed(owner) {
    const key = `${owner.toLowerCase()} ${Math.floor(this.tip.timestamp / DAY)}`;
    return { key, used: this.bandwidth.get(key) ?? 0 };
  }

  /** TRX of an account, in sun. */
  async balance(hex41) {
    return BigInt(await this.anvil('eth_getBalance', [evm(hex41), 'latest'])) / SUN_IN_WEI;
  }

  async fund(hex41, sun) {
    await this.anvil('anvil_setBalance', [evm(hex41), '0x' + (BigInt(sun) * SUN_IN_WEI).toString(16)]);
  }

  /** A call that changes nothing, on what a block left. */
  async call({ owner_address, contract_address, function_selector, parameter, data }, block = 'latest') {
    const input = data ?? this.selector(function_selector) + (parameter ?? '');
    return this.anvil('eth_call', [{ from: evm(owner_address), to: evm(contract_address), data: '0x' + input }, block]);
  }

  async isContract(hex41) {
    return (await this.anvil('eth_getCode', [evm(hex41), 'latest'])) !== '0x';
  }

  /** Executes a call on what the head left and takes it back: the energy that it used, and whether it was reverted. */
  async trial(question) {
    const data = '0x' + (question.data ?? this.selector(question.function_selector) + (question.parameter ?? ''));
    const before = await this.anvil('evm_snapshot');
    try {
      const done = await this.send({
        from: evm(question.owner_address), to: evm(question.contract_address), data, value: '0x0', gas: TRIAL_GAS,
      });
      return { energy: Math.max(1, Number(done.gasUsed) - intrinsic(data)), reverted: done.status !== '0x1' };
    } finally {
      await this.anvil('evm_revert', [before]);
    }
  }

  selector(signature) {
    return utils.ethersUtils.keccak256(Buffer.from(signature)).slice(2, 10);
  }

  async mine(count = 1) {
    for (let i = 0; i < count; i++) {
      const before = await this.anvil('evm_snapshot');
      const taken = this.pending.splice(0).filter((tx) => this.stillGood(tx));
      const done = [];
      for (const tx of taken) done.push(await this.execute(tx));
      this.seal(done, before);
      // Where the virtual machine stood after it: what is asked of the solidified block is asked there.
      this.tip.evm = await this.anvil('eth_blockNumber');
    }
  }

  /** Expired ones fall out of the pool without a word. */
  stillGood(tx) {
    return tx.raw_data.expiration > this.clock + INTERVAL;
  }

  async execute(tx) {
    const [{ type, parameter: { value } }] = tx.raw_data.contract;
    const owner = value.owner_address;
    const net = this.bandwidthOf(tx, owner);
    if (net.usage) this.bandwidth.set(net.key, (this.bandwidth.get(net.key) ?? 0) + net.usage);
    const receipt = net.fee ? { net_fee: net.fee } : { net_usage: net.usage };
    const info = { id: tx.txID, contractResult: [''], receipt };
    let [fee, outcome] = [net.fee, 'SUCCESS'];
    const wei = (sun) => '0x' + (BigInt(sun ?? 0) * SUN_IN_WEI).toString(16);
    if (type === 'TransferContract') {
      const done = await this.send({ from: evm(owner), to: evm(value.to_address), value: wei(value.amount), gas: '0x5208' });
      if (done.status !== '0x1') outcome = 'REVERT';
    } else {
      const data = '0x' + (value.data ?? '');
      const free = intrinsic(data);
      const funds = Number((await this.balance(owner)) - BigInt(net.fee));
      const limit = Math.floor(Math.min(tx.raw_data.fee_limit, Math.max(0, funds)) / ENERGY_PRICE);
      const done = await this.send({
        from: evm(owner), to: evm(value.contract_address), data, value: wei(value.call_value),
        gas: '0x' + (free + limit).toString(16),
      });
      const energy = Math.max(0, Number(done.gasUsed) - free);
      const spent = Number(done.gasUsed) >= free + limit;
      outcome = done.status === '0x1' ? 'SUCCESS' : spent ? 'OUT_OF_ENERGY' : 'REVERT';
      fee += energy * ENERGY_PRICE;
      Object.assign(receipt, { energy_fee: energy * ENERGY_PRICE, energy_usage_total: energy, result: outcome });
      info.contract_address = value.contract_address;
      if (done.status === '0x1' && done.logs.length)
        info.log = done.logs.map((log) => ({
          address: log.address.slice(2), topics: log.topics.map((t) => t.slice(2)), data: log.data.slice(2),
        }));
    }
    if (outcome !== 'SUCCESS') Object.assign(info, { result: 'FAILED', resMessage: Buffer.from(outcome).toString('hex') });
    if (fee) {
      info.fee = fee;
      await this.fund(owner, (await this.balance(owner)) - BigInt(fee));
    }
    return { tx: { ...tx, ret: [{ contractRet: outcome }] }, info };
  }

  /** One EVM transaction in an EVM block of its own, so that its effect is known before the next one. */
  async send(transaction) {
    const hash = await this.anvil('eth_sendTransaction', [{ ...transaction, gasPrice: '0x0' }]);
    await this.anvil('evm_mine');
    return this.anvil('eth_getTransactionReceipt', [hash]);
  }

  seal(done, before) {
    const number = this.blocks.length;
    if (number > 0) this.clock += INTERVAL;
    const timestamp = number === 0 ? 0 : this.clock;
    const raw = {
      number, txTrieRoot: createHash('sha256').update(done.map((d) => d.info.id).join()).digest('hex'),
      witness_address: '41' + padded(this.made++ % 27, 40), parentHash: this.tip?.id ?? '0'.repeat(64), version: 31, timestamp,
    };
    const hash = createHash('sha256').update(JSON.stringify([raw, this.made])).digest('hex');
    const block = { number, timestamp, id: padded(number, 16) + hash.slice(16), raw, done, before };
    for (const { tx, info } of done) {
      Object.assign(info, { blockNumber: number, blockTimeStamp: timestamp });
      this.known.set(tx.txID, { tx, info, block });
    }
    this.blocks.push(block);
  }

  async fork(depth, drop = false) {
    if (depth >= this.blocks.length) throw new Refused('OTHER_ERROR', 'the first block cannot be replaced');
    const lost = this.blocks.splice(-depth);
    await this.anvil('evm_revert', [lost[0].before]);
    const again = lost.flatMap((block) => block.done.map(({ tx }) => tx));
    for (const tx of again) this.known.delete(tx.txID);
    if (!drop) {
      for (const { ret, ...tx } of again) {
        this.known.set(tx.txID, { tx, info: null, block: null });
        this.pending.push(tx);
      }
    }
    await this.mine(depth);
  }
}
