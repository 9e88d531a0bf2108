// SPDX-License-Identifier: GPL-3.0-or-later
//
// A small RTCSignalServer that shares nothing with Alcove's own, written from the description
// of the original, with its oddities: everybody gets everything, the sender too, re-encoded
// with its members in order; nobody is told of a lost connection; a second room keeps the
// first; all namespaces share the rooms; events with an id are acknowledged with null; and one
// wrong message makes it deaf to that client for good.
//
//   node rtcsignal-server.mjs [--library 2|4] [--port N]
//
// Prints "join-room", "leave-room" and "broadcast" as they come, "closed" with the names that a
// connection had, and "deaf". Commands: {"cmd":"drop","user":…} cuts a user's TCP connections,
// "drop-all" all of them, {"cmd":"deafen","user":…} does what a wrong message would.

import { cut, host, print } from './socketio-host.mjs';

const clients = new Set(); // { socket, users, rooms, deaf }

function reencode(value) {
  if (Array.isArray(value))
    return value.map(reencode);
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.keys(value).sort().map((key) => [key, reencode(value[key])]));
  return value;
}

// To every member of each of the rooms: who is in two gets it twice.
function tell(rooms, ...event) {
  for (const room of rooms)
    for (const client of clients)
      if (client.rooms.has(room) && !client.deaf)
        client.socket.emit(...event);
}

function deafen(client) {
  client.deaf = true;
  client.rooms.clear();
  print('deaf', { users: [...client.users] });
}

function connection(socket) {
  const client = { socket, users: new Set(), rooms: new Set(), deaf: false };

  clients.add(client);
  const on = (name, handler) => socket.on(name, (...args) => {
    if (client.deaf)
      return;

    const acknowledge = typeof args.at(-1) === 'function' ? args.pop() : undefined;

    if (args.length > 1)
      deafen(client);
    else if (args.length === 1)
      handler(args[0]);
    acknowledge?.(null);
  });

  const membership = (name, handler) => on(name, (argument) => {
    if (typeof argument !== 'string') {
      deafen(client);
      return;
    }

    let parsed;
    try {
      parsed = JSON.parse(argument);
    } catch {
      return;
    }
    const { userId: user = '', roomName: room = '' } = parsed;
    if (typeof user !== 'string' || typeof room !== 'string')
      return;
    print(name, { user, room });
    handler(user, room);
  });

  membership('join-room', (user, room) => {
    client.users.add(user);
    client.rooms.add(room);
    tell(client.rooms, 'user-joined', user);
  });
  membership('leave-room', (user, room) => {
    tell(client.rooms, 'user-left', user);
    client.rooms.delete(room);
  });
  on('broadcast', (argument) => {
    print('broadcast', { argument });
    tell(client.rooms, 'broadcast', reencode(argument));
  });
  socket.on('disconnect', () => {
    clients.delete(client);
    print('closed', { users: [...client.users] });
  });
}

await host((io) => {
  io.on('connection', connection);
  io.of(/^\/.+$/).on('connection', connection);
}, ({ cmd, user }) => {
  for (const client of [...clients]) {
    if (cmd === 'drop-all' || (cmd === 'drop' && client.users.has(user)))
      cut(client.socket);
    if (cmd === 'deafen' && client.users.has(user))
      deafen(client);
  }
});
