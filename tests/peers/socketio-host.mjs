// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the two servers on Socket.IO have in common: the library in one of its versions, a port
// of the loopback address, JSON Lines on standard output, and commands on standard input.
//
//   [--library 2|4] [--port N]
//
// It prints {"event":"listening","port":N}, and ends when standard input does.

import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

export const print = (event, more = {}) => console.log(JSON.stringify({ event, ...more }));

// `setUp (io)` puts the events in place; `command (object)` is called for each line that comes in.
export async function host(setUp, command) {
  const { values: { library, port } } = parseArgs({
    options: {
      library: { type: 'string', default: '2' },
      port: { type: 'string', default: '0' },
    },
  });

  if (!['2', '4'].includes(library)) {
    console.error('--library is 2 or 4');
    process.exit(2);
  }

  let module;
  try {
    module = await import(`socket.io-${library}`);
  } catch {
    process.exit(77);
  }

  const http = createServer((request, response) => response.end('Status: OK'));
  const io = library === '2' ? module.default(http) : new module.Server(http);

  setUp(io);
  http.listen(Number(port), '127.0.0.1', () => print('listening', { port: http.address().port }));
  createInterface({ input: process.stdin })
    .on('line', (line) => command(JSON.parse(line)))
    .on('close', () => process.exit(0));
}

// Ends the connection beneath a socket without a word.
export function cut(socket) {
  socket.conn.transport.socket?.terminate();
}
