// SPDX-License-Identifier: GPL-3.0-or-later
//
// A Socket.IO server for tests of the connection itself.
//
//   node socketio-echo.mjs VERSION [refuse|polling]
//
// VERSION is 2 or 4, of the library. It answers the event `echo` with the event `echoed`, sends
// a binary event on `binary`, cuts the client on `cut` and says on its output who came and
// went. With `refuse` it lets nobody in; with `polling` a WebSocket needs a session.

import { createServer } from 'node:http';

const [version, mode] = process.argv.slice(2);
let Server;
try {
  const module = await import(`socket.io-${version}`);
  Server = module.Server ?? module.default;
} catch {
  process.exit(77);
}

const http = createServer();
const options = { pingInterval: 1000, pingTimeout: 1000 };
if (mode === 'polling') {
  options.allowRequest = (request, callback) => {
    const { searchParams } = new URL(request.url, 'http://localhost');
    callback(searchParams.get('transport') === 'websocket' && !searchParams.has('sid') ? 3 : null,
      true);
  };
  if (version === '4')
    options.allowRequest = (request, callback) => {
      const { searchParams } = new URL(request.url, 'http://localhost');
      callback(null, searchParams.get('transport') !== 'websocket' || searchParams.has('sid'));
    };
}
const io = version === '2' ? Server(http, options) : new Server(http, options);
const say = (event) => console.log(event);

if (mode === 'refuse')
  io.use((socket, next) => next(new Error('not today')));
io.on('connection', (socket) => {
  say('connected');
  socket.on('echo', (value) => socket.emit('echoed', value));
  socket.on('binary', () => {
    socket.emit('bytes', Buffer.from([1, 2, 3]));
    socket.emit('echoed', 'after');
  });
  socket.on('cut', () => socket.conn.close());
  socket.on('disconnect', (reason) => say(`gone ${reason}`));
});
http.listen(0, '127.0.0.1', () => say(`port ${http.address().port}`));
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
