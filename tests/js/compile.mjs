// Compiles contracts/*.sol into artifacts/*.json {abi, bytecode}. The results are committed; run after a change.
import { readFileSync, writeFileSync } from 'node:fs';
import solc from 'solc';

const input = {
  language: 'Solidity',
  sources: { 'TestTokens.sol': { content: readFileSync('contracts/TestTokens.sol', 'utf8') } },
  settings: {
    optimizer: { enabled: true, runs: 200 },
    outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } },
  },
};
const output = JSON.parse(solc.compile(JSON.stringify(input)));
for (const problem of output.errors ?? []) console.error(problem.formattedMessage);
if ((output.errors ?? []).some((e) => e.severity === 'error')) process.exit(1);
for (const [name, contract] of Object.entries(output.contracts['TestTokens.sol']))
  writeFileSync(`artifacts/${name}.json`, JSON.stringify({ abi: contract.abi, bytecode: '0x' + contract.evm.bytecode.object }) + '\n');
