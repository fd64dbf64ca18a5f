// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Loaded before a program of somebody else: what it listens on without naming
// an address is on loopback only, and the address is told on stderr, so that
// the port may be 0.
'use strict';

const net = require('node:net');

// The step behind listen that binds at once, as the programs expect of a
// listen without an address.
const bind = net.Server.prototype._listen2;
if (typeof bind !== 'function') {
  throw new Error('this node binds its sockets in another way');
}

net.Server.prototype._listen2 = function (address, port, type, ...rest) {
  this.once('listening', () => {
    const bound = this.address();
    process.stderr.write(`listening on ${bound.address}:${bound.port}\n`);
  });
  return address || typeof port !== 'number' || port < 0
    ? bind.call(this, address, port, type, ...rest)
    : bind.call(this, '127.0.0.1', port, 4, ...rest);
};
