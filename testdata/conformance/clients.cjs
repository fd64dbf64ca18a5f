// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// client.cjs, run as often as somebody connects to the socket that is the argument:
// to load the SDK takes longer than to run one scenario. Who connects says
//
//   {"env": {...}}
//
// in a line and is answered by {"code": ..., "output": ...}. The program is loaded anew
// for each run, one at a time. A line on stdout tells that the socket is there; the end
// of stdin ends it.
'use strict';

const { createServer } = require('node:net');
const { createInterface } = require('node:readline');

require('@modelcontextprotocol/client/stdio'); // while nobody waits

let output = ''; // of the run
let ended = () => {}; // ends it, with an exit code

process.stderr.write = chunk => {
  output += chunk;
  return true;
};
for (const event of ['uncaughtException', 'unhandledRejection']) {
  process.on(event, error => {
    output += `${event}: ${error?.stack ?? error}\n`;
    ended(1);
  });
}

async function run(env) {
  output = '';
  process.env = env;
  for (const name of ['./client.cjs', './bridge.cjs']) {
    delete require.cache[require.resolve(name)];
  }
  const code = await new Promise(resolve => {
    ended = resolve;
    require('./client.cjs').then(resolve);
  });
  process.exitCode = 0;
  return { code, output };
}

const server = createServer(async socket => {
  for await (const line of createInterface({ input: socket })) {
    socket.end(`${JSON.stringify(await run(JSON.parse(line).env))}\n`);
  }
});
server.listen(process.argv[2], () => process.stdout.write('listening\n'));
process.stdin.on('end', () => server.close()).resume();
