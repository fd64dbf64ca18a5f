// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// The client that the conformance suite drives: one scenario, named by the
// suite in the environment, through the bridge. clients.cjs runs it.
'use strict';

const { connected, main, timeout } = require('./bridge.cjs');

const version = process.env.MCP_CONFORMANCE_PROTOCOL_VERSION;
const modern = version === '2026-07-28';

// era makes the SDK speak the version of the run. Its stateful part offers the
// newest version and takes what the server chooses; 2025-06-18 is offered only
// where the run is for it.
function era() {
  if (modern) {
    return { versionNegotiation: { mode: { pin: version } } };
  }
  return version === '2025-06-18' ? { supportedProtocolVersions: [version] } : {};
}

const limit = { timeout };

async function list() {
  await connected(era(), client => client.listTools({}, limit));
}

async function call(name, args) {
  await connected(era(), async client => {
    const { tools } = await client.listTools({}, limit);
    if (!tools.some(tool => tool.name === name)) {
      throw new Error(`the server has no tool ${name}`);
    }
    await client.callTool({ name, arguments: args }, limit);
  });
}

// The client fills in the defaults of what the user left out.
async function elicitationDefaults() {
  const options = {
    capabilities: { elicitation: { form: { applyDefaults: true } } },
    prepare: client => client.setRequestHandler('elicitation/create', async () => ({ action: 'accept', content: {} })),
  };
  await connected(options, client => client.callTool({ name: 'test_client_elicitation_defaults', arguments: {} }, limit));
}

// The server refuses the first request's version, and the client tries again.
async function requestMetadata() {
  const options = {
    capabilities: { roots: { listChanged: true }, sampling: {}, elicitation: {} },
    versionNegotiation: { mode: 'auto' },
  };
  await connected(options, client => client.listTools({}, limit));
}

async function standardHeaders() {
  await connected(era(), async client => {
    const { tools } = await client.listTools({}, limit);
    await client.callTool({ name: tools[0].name, arguments: {} }, limit);
    const { resources } = await client.listResources({}, limit);
    await client.readResource({ uri: resources[0].uri }, limit);
    const { prompts } = await client.listPrompts({}, limit);
    await client.getPrompt({ name: prompts[0].name, arguments: {} }, limit);
  });
}

// The calls to make are the suite's.
async function customHeaders() {
  const { toolCalls } = JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT);
  await connected(era(), async client => {
    await client.listTools({}, limit);
    for (const { name, arguments: args } of toolCalls) {
      await client.callTool({ name, arguments: args }, limit);
    }
  });
}

// Every tool that is listed is called: those that are not valid must not be.
async function invalidTools() {
  await connected(era(), async client => {
    const { tools } = await client.listTools({}, limit);
    for (const { name } of tools) {
      await client.callTool({ name, arguments: { region: 'us-west1' } }, limit);
    }
  });
}

async function requestState() {
  const options = {
    ...era(),
    capabilities: { elicitation: {} },
    prepare: client => client.setRequestHandler('elicitation/create',
      async () => ({ action: 'accept', content: { confirmed: true } })),
  };
  await connected(options, async client => {
    for (const name of ['test_mrtr_echo_state', 'test_mrtr_no_state', 'test_mrtr_unrelated']) {
      await client.callTool({ name, arguments: {} }, limit);
    }
    // A result without resultType is an error for this SDK; what counts is
    // that it does not send the call again.
    await client.callTool({ name: 'test_mrtr_no_result_type', arguments: {} }, limit).catch(() => {});
  });
}

async function schemaEcho() {
  await connected(era(), async client => {
    const { tools } = await client.listTools({}, limit);
    const { inputSchema } = tools.find(tool => tool.name === 'json_schema_2020_12_tool');
    await client.callTool({ name: 'json_schema_echo', arguments: { schema: inputSchema } }, limit);
  });
}

const scenarios = {
  'elicitation-sep1034-client-defaults': elicitationDefaults,
  'http-custom-headers': customHeaders,
  'http-invalid-tool-headers': invalidTools,
  'http-standard-headers': standardHeaders,
  'initialize': list,
  'json-schema-2020-12-preservation': schemaEcho,
  'json-schema-ref-no-deref': list,
  'request-metadata': requestMetadata,
  'sep-2322-client-request-state': requestState,
  'sse-retry': () => call('test_reconnection', {}),
  'tools_call': () => call('add_numbers', { a: 5, b: 3 }),
};

module.exports = main(scenarios[process.env.MCP_CONFORMANCE_SCENARIO]);
