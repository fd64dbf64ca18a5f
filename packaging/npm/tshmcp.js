#!/usr/bin/env node
// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Starts the binary of this platform, which npm has installed as one of the
// optional packages beside this one. Streams are handed on as they are, so a
// bridge talks to its MCP client without anything in between.
"use strict";

const { spawn } = require("node:child_process");
const { constants } = require("node:os");

const name = `@tshmcp/${process.platform}-${process.arch}`;

function binary() {
  const file = process.platform === "win32" ? "tshmcp.exe" : "tshmcp";
  try {
    return require.resolve(`${name}/${file}`);
  } catch {
    console.error(`tshmcp: error: there is no binary for ${process.platform} on ${process.arch} here`);
    console.error(`tshmcp: hint: install without --no-optional or --omit=optional, so that ${name} comes along`);
    process.exit(1);
  }
}

const child = spawn(binary(), process.argv.slice(2), { stdio: "inherit", windowsHide: true });

// A signal to this process is meant for the binary. Ctrl-C reaches both by itself.
for (const signal of ["SIGTERM", "SIGHUP"]) {
  process.on(signal, () => child.kill(signal));
}
process.on("SIGINT", () => {});

child.on("error", (err) => {
  console.error(`tshmcp: error: cannot start ${name}: ${err.message}`);
  process.exit(1);
});
child.on("exit", (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code));
