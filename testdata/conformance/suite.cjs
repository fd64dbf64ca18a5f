// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// The conformance suite, run as often as a line comes on stdin: it takes longer to
// load what it imports than to run one scenario. The argument is the suite's program;
// a line is
//
//   {"args": [...], "env": {...}}
//
// and is answered by {"code": ..., "output": ...} on stdout. The program itself is
// loaded anew for each run, with nothing of the one before.
'use strict';

const { createInterface } = require('node:readline');
const { pathToFileURL } = require('node:url');

const suite = process.argv[2];
const write = process.stdout.write.bind(process.stdout);
const exit = process.exit.bind(process);
const environ = { ...process.env };

let output = ''; // of the run
let ended = () => {}; // ends it, with the suite's exit code

for (const stream of [process.stdout, process.stderr]) {
  stream.write = chunk => {
    output += chunk;
    return true;
  };
}
// What the suite does after the exit it has asked for comes too late to count.
process.exit = code => ended(code ?? process.exitCode ?? 0);
for (const event of ['uncaughtException', 'unhandledRejection']) {
  process.on(event, error => {
    output += `${event}: ${error?.stack ?? error}\n`;
    ended(1);
  });
}

async function run({ args, env }, nth) {
  output = '';
  process.env = { ...environ, ...env };
  process.argv = [process.argv[0], suite, ...args];
  const code = await new Promise(resolve => {
    ended = resolve;
    import(`${pathToFileURL(suite)}?run=${nth}`).catch(error => {
      output += `${error.stack}\n`;
      resolve(1);
    });
  });
  write(`${JSON.stringify({ code, output })}\n`);
}

async function main() {
  let nth = 0;
  for await (const line of createInterface({ input: process.stdin })) {
    await run(JSON.parse(line), nth++);
  }
  exit(0);
}

main();
