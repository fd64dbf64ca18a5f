// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// A client of the TypeScript SDK that runs the steps of the interop tests
// through the bridge. The plan is in the environment, TSHMCP_TEST_PLAN:
//
//   {"mode": "legacy" | "auto" | VERSION, "steps": [...]}
//
// The fields of a step are those of the type step in interop_client_test.go.
// On stdout it says {"version": ..., "answers": [...]}.
'use strict';

const { EventEmitter, once } = require('node:events');
const { connected, main, timeout } = require('./bridge.cjs');

const { mode, steps } = JSON.parse(process.env.TSHMCP_TEST_PLAN);

// Messages of the server, counted by method.
const counts = {};
const messages = new EventEmitter();
let tokens = 0;

function count(method) {
  counts[method] = (counts[method] ?? 0) + 1;
  messages.emit('more');
}

async function awaited(want) {
  const signal = AbortSignal.timeout(timeout);
  while (Object.entries(want).some(([method, n]) => (counts[method] ?? 0) < n)) {
    await once(messages, 'more', { signal }).catch(() => {
      throw new Error(`the server's messages are ${JSON.stringify(counts)}, want ${JSON.stringify(want)}`);
    });
  }
}

function listChanged(method) {
  return { autoRefresh: false, debounceMs: 0, onChanged: () => count(method) };
}

function handle(client) {
  client.setRequestHandler('elicitation/create',
    async () => ({ action: 'accept', content: { name: 'Ada', username: 'ada' } }));
  client.setRequestHandler('sampling/createMessage',
    async () => ({ model: 'my-model', role: 'assistant', content: { type: 'text', text: 'Hello' } }));
  client.setRequestHandler('roots/list',
    async () => ({ roots: [{ uri: 'file:///a', name: 'a' }, { uri: 'file:///b', name: 'b' }] }));
  for (const method of ['notifications/message', 'notifications/progress', 'notifications/resources/updated']) {
    client.setNotificationHandler(method, () => count(method));
  }
}

const options = {
  capabilities: { elicitation: { form: {} }, sampling: {}, roots: { listChanged: true } },
  versionNegotiation: { mode: mode === 'legacy' || mode === 'auto' ? mode : { pin: mode } },
  listChanged: {
    tools: listChanged('notifications/tools/list_changed'),
    resources: listChanged('notifications/resources/list_changed'),
  },
  prepare: handle,
};

// call returns the text of a tool, or the size of a long one. The progress
// token is its own: the SDK's onprogress loses what comes together with the
// answer.
async function call(client, name, args, signal) {
  const _meta = { progressToken: `token-${tokens++}` };
  const result = await client.callTool({ name, arguments: args ?? {}, _meta }, { timeout, signal });
  const text = result.content.map(part => part.text ?? '').join('');
  if (result.isError) {
    throw new Error(text);
  }
  return text.length > 1000 ? `${text.length} characters` : text;
}

async function callMany(client, { call: name, times }) {
  await Promise.all(Array.from({ length: times }, async (_, n) => {
    const text = await call(client, name, { n });
    if (text !== String(n)) {
      throw new Error(`call ${n} answers ${text}`);
    }
  }));
  return `${times} answers`;
}

// cancelOne starts calls, cancels one when the server has begun them all, and
// then has the server release the others.
async function cancelOne(client, { call: name, times, cancel }) {
  const before = counts['notifications/progress'] ?? 0;
  const controllers = Array.from({ length: times }, () => new AbortController());
  const calls = controllers.map(({ signal }, n) => call(client, name, { n }, signal));
  const results = Promise.allSettled(calls);
  await awaited({ 'notifications/progress': before + times });
  controllers[cancel].abort();
  const answer = await call(client, 'release', {});
  for (const [n, { status, reason }] of (await results).entries()) {
    if ((status === 'rejected') !== (n === cancel)) {
      throw new Error(`call ${n} is ${status}: ${reason}`);
    }
  }
  return answer;
}

async function run(client, step) {
  if (step.cancel) {
    return cancelOne(client, step);
  }
  if (step.times) {
    return callMany(client, step);
  }
  if (step.call) {
    return call(client, step.call, step.args);
  }
  if (step.read) {
    return (await client.readResource({ uri: step.read }, { timeout })).contents[0].text;
  }
  if (step.subscribe) {
    const modern = client.getNegotiatedProtocolVersion() >= '2026';
    await (modern ? client.listen({ resourceSubscriptions: [step.subscribe] }, { timeout })
      : client.subscribeResource({ uri: step.subscribe }, { timeout }));
  }
  if (step.level) {
    await client.setLoggingLevel(step.level, { timeout });
  }
  return '';
}

main(async () => {
  const answers = [];
  let version;
  await connected(options, async client => {
    version = client.getNegotiatedProtocolVersion();
    for (const step of steps) {
      answers.push(await run(client, step));
      await awaited(step.await ?? {});
    }
  });
  process.stdout.write(JSON.stringify({ version, answers }));
});
