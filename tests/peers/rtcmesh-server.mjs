// SPDX-License-Identifier: GPL-3.0-or-later
//
// A small mesh server that shares nothing with Alcove's own, written from the
// description of the original servers.
//
//   node rtcmesh-server.mjs [--variant node|php|nim] [--port N]
//
// node leaves the own id out of `ids`; php and nim list it if another socket has it, and
// php writes `ids` as an object. It listens on 127.0.0.1 and prints JSON Lines:
// {"event":"listening","port":N}, then "opened" and "closed" with the id. Commands on
// standard input, one JSON object a line: {"cmd":"drop","id":…} cuts an id's TCP
// connections, "drop-all" all of them. It ends when standard input does.

import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { WebSocketServer } from 'ws';

const { values: options } = parseArgs({
  options: {
    variant: { type: 'string', default: 'node' },
    port: { type: 'string', default: '0' },
  },
});

if (!['node', 'php', 'nim'].includes(options.variant)) {
  console.error('--variant is node, php or nim');
  process.exit(2);
}

const sockets = []; // { id, socket }, in the order they came
const print = (event, more = {}) => console.log(JSON.stringify({ event, ...more }));

function open(socket, id) {
  const others = sockets.filter((other) => options.variant !== 'node' || other.id !== id);
  const ids = [...new Set(others.map((other) => other.id))];

  socket.send(JSON.stringify({ event: 'init', ids: options.variant === 'php' ? { ...ids } : ids }));
  for (const other of others)
    other.socket.send(JSON.stringify({ event: 'online', id }));

  const entry = { id, socket };
  sockets.push(entry);
  print('opened', { id });

  socket.on('message', (data, binary) => {
    let message;

    try {
      message = JSON.parse(data);
    } catch {
      return;
    }
    if (message === null || typeof message !== 'object' || !message.to)
      return;
    for (const other of sockets)
      // eslint-disable-next-line eqeqeq -- the original takes an array of one, too
      if (other.id == message.to)
        other.socket.send(data, { binary });
  });
  socket.on('error', () => {});
  // nobody is told
  socket.on('close', () => {
    sockets.splice(sockets.indexOf(entry), 1);
    print('closed', { id });
  });
}

const http = createServer((request, response) => response.end('Hello World'));
const server = new WebSocketServer({ server: http });

server.on('connection', (socket, request) => {
  const id = /uid\/([\w-]{36})$/.exec(request.url)?.[1];

  if (id === undefined)
    socket.terminate();
  else
    open(socket, id);
});

http.listen(Number(options.port), '127.0.0.1', () => print('listening', { port: http.address().port }));

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const { cmd, id } = JSON.parse(line);

    for (const entry of [...sockets])
      if (cmd === 'drop-all' || (cmd === 'drop' && entry.id === id))
        entry.socket.terminate();
  })
  .on('close', () => process.exit(0));
