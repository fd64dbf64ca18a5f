// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// A client of the official TypeScript SDK that launches tshmcp connect as its
// stdio server. What to launch is in the environment:
//
//   TSHMCP_TEST_BRIDGE   the command, a JSON array
//   TSHMCP_TEST_TIMEOUT  how long a request may take once connected, milliseconds
//   TSHMCP_HOME, GORACE  passed on
'use strict';

const { Client } = require('@modelcontextprotocol/client');
const { StdioClientTransport } = require('@modelcontextprotocol/client/stdio');

const timeout = Number(process.env.TSHMCP_TEST_TIMEOUT ?? 30000);

const passedOn = { TSHMCP_HOME: process.env.TSHMCP_HOME, GORACE: process.env.GORACE ?? '' };

// The SDK gives its servers two seconds to leave when their stdin ends, and
// terminates them after that (typescript-sdk, client/stdio.ts).
const exitTime = 2000;

// connected runs use with a client that has a session. It fails when the
// bridge wrote anything but messages to stdout, answered what was not asked,
// or did not leave by itself.
async function connected(options, use) {
  const [command, ...args] = JSON.parse(process.env.TSHMCP_TEST_BRIDGE);
  const client = new Client({ name: 'tshmcp-test', version: '1.0.0' }, { capabilities: {}, ...options });
  const complaints = [];
  client.onerror = error => complaints.push(error);
  options?.prepare?.(client);
  const transport = new StdioClientTransport({
    command, args, env: passedOn, stderr: 'pipe',
  });
  transport.stderr.on('data', chunk => process.stderr.write(chunk));
  await client.connect(transport);
  try {
    await use(client);
  } finally {
    // Requests that are still open are answered to the end, but the SDK waits
    // for nothing any more.
    client.onerror = undefined;
    const start = Date.now();
    await client.close();
    if (Date.now() - start >= exitTime) {
      complaints.push(new Error('the bridge did not leave at the end of its stdin'));
    }
  }
  if (complaints.length > 0) {
    throw new AggregateError(complaints, complaints.join('; '));
  }
}

// main runs the program and lets its exit code tell how it went, which it returns too.
async function main(program) {
  try {
    await program();
    return 0;
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
    return 1;
  }
}

module.exports = { connected, main, timeout };
