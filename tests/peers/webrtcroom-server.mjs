// SPDX-License-Identifier: GPL-3.0-or-later
//
// A small WebRtcRoomServer that shares nothing with Alcove's own, written from the description
// of the original, with its oddities: the end of any connection is told to everybody on the
// server with an empty room, nothing is checked, who joins twice is told about itself, and
// the process dies of a missing argument or of a room named like a part of any object.
//
//   node webrtcroom-server.mjs [--library 2|4] [--port N]
//
// Prints "entered" and "exit" with the id and the room, and "closed". Commands: {"cmd":"drop","id":…}
// cuts an id's TCP connection, "drop-all" all of them.

import { cut, host, print } from './socketio-host.mjs';

const sockets = new Map(); // id → socket
const rooms = {}; // name → ids in the order they came

function connection(socket) {
  const { id } = socket;

  sockets.set(id, socket);
  const leave = (room) => {
    rooms[room] = rooms[room]?.filter((member) => member !== id);
    if (rooms[room]?.length === 0)
      delete rooms[room];
  };

  socket.on('createAndJoinRoom', (message) => {
    const { room } = message;
    // each socket is in a room of its own name, too
    const members = [...(sockets.has(room) ? [room] : []), ...(rooms[room] ?? [])];

    for (const member of members)
      sockets.get(member).emit('joined', { id, room });
    socket.emit('created', { id, room, peers: members.map((member) => ({ id: member })) });
    rooms[room] = (rooms[room] ?? []).filter((member) => member !== id).concat(id);
    print('entered', { id, room });
  });
  for (const name of ['offer', 'answer', 'candidate'])
    socket.on(name, (message) => sockets.get(message.to)?.emit(name, message));
  socket.on('exit', (message) => {
    const { room } = message;

    leave(room);
    for (const member of rooms[room] ?? [])
      sockets.get(member).emit('exit', message);
    print('exit', { id, room });
  });
  socket.on('disconnect', () => {
    sockets.delete(id);
    Object.keys(rooms).forEach(leave);
    for (const other of sockets.values())
      other.emit('exit', { from: id, room: '' });
    print('closed', { id });
  });
}

await host((io) => io.on('connection', connection), ({ cmd, id }) => {
  for (const [other, socket] of sockets)
    if (cmd === 'drop-all' || (cmd === 'drop' && other === id))
      cut(socket);
});
