// SPDX-License-Identifier: GPL-3.0-or-later
//
// A small SkyRTC server that shares nothing with Alcove's own, written from the
// description of the original servers, with those of their habits that a
// client has to live with.
//
//   node skyrtc-server.mjs [--variant python|node] [--port N]
//
// It listens on 127.0.0.1 and prints JSON Lines: {"event":"listening","port":N}, then
// "opened", "joined", "closed" with the id. Commands on standard input, one JSON
// object a line: {"cmd":"drop","id":…} cuts one client's TCP connection, "drop-all"
// all of them, {"cmd":"say","id":…,"text":…} sends a text as it is. It ends when standard
// input does.

import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { WebSocketServer } from 'ws';

const { values: options } = parseArgs({
  options: {
    variant: { type: 'string', default: 'python' },
    port: { type: 'string', default: '0' },
  },
});

if (!['python', 'node'].includes(options.variant)) {
  console.error('--variant is python or node');
  process.exit(2);
}

const python = options.variant === 'python';
const defaultRoom = python ? 'default_room' : '__default';
const maxPayload = (python ? 10 : 100) * 1024 * 1024;

const rooms = new Map();   // name → clients; in node a client may be there twice
const clients = new Map(); // id → client, whatever the room

const print = (event, more = {}) => console.log(JSON.stringify({ event, ...more }));
const send = (client, eventName, data) =>
  client.socket.send(JSON.stringify({ eventName, data }));
const membersOf = (client) => rooms.get(client.room) ?? [];

function join(client, data) {
  const room = data.room || defaultRoom;

  if (python && client.room !== undefined) {
    // the original cuts a socket that joins a second time
    client.socket.terminate();
    return;
  }

  const members = rooms.get(room) ?? [];
  const others = members.filter((other) => other !== client);

  client.room = room;
  for (const other of others)
    send(other, '_new_peer', { socketId: client.id });
  rooms.set(room, [...members, client]);
  send(client, '_peers', { connections: others.map((other) => other.id), you: client.id });
  print('joined', { id: client.id, room });
}

function relay(client, name, data) {
  // ids of other rooms are reached too
  const target = clients.get(data.socketId);
  const { sdp, label, candidate } = data;

  if (target === undefined)
    return;
  if (name === '_ice_candidate')
    send(target, name, { label, candidate, socketId: client.id });
  else
    send(target, name, { sdp, socketId: client.id });
}

function leave(client) {
  const members = membersOf(client).filter((other) => other !== client);

  if (clients.get(client.id) === client)
    clients.delete(client.id);
  if (client.room === undefined)
    return;
  rooms.set(client.room, members);
  for (const other of members)
    send(other, '_remove_peer', { socketId: client.id });
}

const handlers = new Map([
  ['join', join],
  ['offer', (client, data) => relay(client, '_offer', data)],
  ['answer', (client, data) => relay(client, '_answer', data)],
  ['ice_candidate', (client, data) => relay(client, '_ice_candidate', data)],
]);

// Each variant knows its own spelling alone, and is silent about the other.
function findHandler(eventName) {
  for (const [name, handler] of handlers)
    if (eventName === (python ? `__${name}__` : `__${name}`))
      return handler;
  return undefined;
}

function receive(client, text) {
  let message;

  try {
    message = JSON.parse(text);
  } catch {
    return;
  }

  // The node original dies of the following; that serves no test of ours.
  if (message === null || typeof message !== 'object' || Array.isArray(message)
      || message.data === null || typeof message.data !== 'object') {
    if (python)
      client.socket.terminate();
    return;
  }

  if (message.eventName === undefined) {
    if (python)
      for (const other of membersOf(client))
        if (other !== client)
          other.socket.send(JSON.stringify(message.data));
    return;
  }

  try {
    findHandler(message.eventName)?.(client, message.data);
  } catch (error) {
    // Nested too deep to be written again: the Python original cuts the sender.
    if (!(error instanceof RangeError))
      throw error;
    client.socket.terminate();
  }
}

function open(socket, path) {
  const id = python ? decodeURIComponent(path.slice('/ws/'.length)) : randomUUID();
  const client = { id, socket, room: undefined };

  if (clients.has(id)) {
    // the original loses the first one, and cuts the second
    clients.delete(id);
    socket.terminate();
    return;
  }

  clients.set(id, client);
  print('opened', { id });
  socket.on('message', (data, binary) => {
    if (!binary)
      receive(client, data.toString());
  });
  socket.on('close', () => {
    leave(client);
    print('closed', { id });
  });
  socket.on('error', () => {});
}

const http = createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'text/plain' });
  response.end('A SkyRTC server for tests.\n');
});
const upgrader = new WebSocketServer({ noServer: true, maxPayload });

http.on('upgrade', (request, socket, head) => {
  const path = new URL(request.url, 'http://localhost').pathname;
  const { origin, host } = request.headers;

  if (python && origin !== undefined && new URL(origin).host !== host) {
    socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
    return;
  }
  if (python && !/^\/ws\/.+/.test(path)) {
    socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
    return;
  }
  upgrader.handleUpgrade(request, socket, head, (webSocket) => open(webSocket, path));
});

http.listen(Number(options.port), '127.0.0.1', () => {
  print('listening', { port: http.address().port });
});

const commands = {
  drop: ({ id }) => clients.get(id)?.socket.terminate(),
  'drop-all': () => [...clients.values()].forEach((client) => client.socket.terminate()),
  say: ({ id, text }) => clients.get(id)?.socket.send(text),
};

createInterface({ input: process.stdin })
  .on('line', (line) => {
    try {
      const command = JSON.parse(line);
      commands[command.cmd]?.(command);
    } catch {
      console.error(`not a command: ${line}`);
    }
  })
  .on('close', () => process.exit(0));
