// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Reads a list of {format, text} from stdin and prints what the clients' own
// parsers make of each: {value, error}.
const jsonc = require('jsonc-parser');
const yaml = require('yaml');

function withComments(text, allowTrailingComma) {
  const errors = [];
  const value = jsonc.parse(text, errors, { allowTrailingComma });
  if (errors.length > 0) {
    throw new Error(errors.map((e) => `${jsonc.printParseErrorCode(e.error)} at ${e.offset}`).join(', '));
  }
  return value;
}

const parsers = {
  json: JSON.parse,
  'json-comments': (text) => withComments(text, false),
  jsonc: (text) => withComments(text, true), // as VS Code reads its own files
  yaml: (text) => yaml.parse(text, { strict: true }), // as Continue does
};

let input = '';
process.stdin.on('data', (chunk) => { input += chunk; });
process.stdin.on('end', () => {
  const results = JSON.parse(input).map(({ format, text }) => {
    try {
      return { value: parsers[format](text) };
    } catch (e) {
      return { error: String(e.message ?? e) };
    }
  });
  process.stdout.write(JSON.stringify(results));
});
