// Compiles contracts/*.sol into artifacts/*.json {abi, bytecode}. The results are committed; run after a change.
// With --check it writes nothing and fails when what is committed is not what the sources say.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import solc from 'solc';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const check = process.argv.includes('--check');

const names = readdirSync(here('contracts')).filter((name) => name.endsWith('.sol')).sort();
const input = {
  language: 'Solidity',
  sources: Object.fromEntries(names.map((name) => [name, { content: readFileSync(here(`contracts/${name}`), 'utf8') }])),
  settings: {
    optimizer: { enabled: true, runs: 200 },
    outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } },
  },
};
const output = JSON.parse(solc.compile(JSON.stringify(input)));
for (const problem of output.errors ?? []) console.error(problem.formattedMessage);
if ((output.errors ?? []).some((e) => e.severity === 'error')) process.exit(1);

const made = new Map();
for (const contracts of Object.values(output.contracts))
  for (const [name, contract] of Object.entries(contracts))
    made.set(`${name}.json`, JSON.stringify({ abi: contract.abi, bytecode: '0x' + contract.evm.bytecode.object }) + '\n');

if (!check) {
  for (const [name, text] of made) writeFileSync(here(`artifacts/${name}`), text);
} else {
  const kept = new Map(readdirSync(here('artifacts')).map((name) => [name, readFileSync(here(`artifacts/${name}`), 'utf8')]));
  const differ = [...new Set([...made.keys(), ...kept.keys()])].filter((name) => made.get(name) !== kept.get(name));
  if (differ.length > 0) {
    console.error(`Not what contracts/ compiles to: ${differ.join(', ')}. Run: node compile.mjs`);
    process.exit(1);
  }
}
