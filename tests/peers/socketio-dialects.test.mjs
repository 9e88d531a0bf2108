// SPDX-License-Identifier: GPL-3.0-or-later
//
// With ALCOVE_SERVER=path of alcove-server: its two protocols on Socket.IO, spoken by the
// library's own clients as the pages of the originals do it.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import test, { afterEach } from 'node:test';
import { Program, cleanUp } from './helpers.mjs';

const PROGRAM = process.env.ALCOVE_SERVER;
const options = { skip: PROGRAM ? false : 'ALCOVE_SERVER is not set', timeout: 180_000 };
const opened = new Set();

afterEach(() => {
  for (const end of opened)
    end();
  opened.clear();
  cleanUp();
});

const libraries = {
  2: (await import('socket.io-client-2')).default,
  4: (await import('socket.io-client-4')).io,
};
const ways = {
  'polling and upgrade': ['polling', 'websocket'],
  'polling only': ['polling'],
  'websocket only': ['websocket'],
};

class Page {
  constructor(version, url, transports, names) {
    this.queue = [];
    this.waiters = [];
    this.socket = libraries[version](url, { transports, forceNew: true, reconnection: false });
    this.connected = once(this.socket, 'connect');
    opened.add(() => this.socket.disconnect());
    for (const name of names)
      this.socket.on(name, (value) => {
        this.queue.push([name, value]);
        this.waiters.splice(0).forEach((wake) => wake());
      });
  }

  async hear(name, value) {
    while (this.queue.length === 0)
      await new Promise((resolve) => this.waiters.push(resolve));
    assert.deepEqual(this.queue.shift(), [name, value]);
  }
}

async function serve() {
  const server = new Program(PROGRAM, ['--port', '0']);
  const port = await server.find((line) => /^listening on .*:(\d+)\//.exec(line)?.[1]);
  return { server, port };
}

async function end({ server }) {
  server.child.kill('SIGTERM');
  assert.equal(await server.exit, 0);
}

for (const version of [2, 4])
  for (const [way, transports] of Object.entries(ways)) {
    test(`webrtcroom, socket.io-client ${version}, ${way}`, options, async () => {
      const house = await serve();
      const names = ['created', 'joined', 'offer', 'answer', 'candidate', 'exit'];
      const room = '聚会 room';
      const page = async () => {
        const client = new Page(version, `http://127.0.0.1:${house.port}`, transports, names);
        await client.connected;
        client.id = client.socket.io.engine.id;
        client.socket.emit('createAndJoinRoom', { room });
        return client;
      };

      const a = await page();
      await a.hear('created', { id: a.id, room, peers: [] });
      const b = await page();
      await b.hear('created', { id: b.id, room, peers: [{ id: a.id }] });
      await a.hear('joined', { id: b.id, room });

      const offer = { from: b.id, to: a.id, room, sdp: 'v=0\r\no=😀\r\n' };
      b.socket.emit('offer', offer);
      await a.hear('offer', offer);
      const answer = { from: a.id, to: b.id, room, sdp: 'v=0\r\n' };
      a.socket.emit('answer', answer);
      await b.hear('answer', answer);
      const candidate = { from: b.id, to: a.id, room,
        candidate: { sdpMid: '0', sdpMLineIndex: 0, sdp: 'candidate:1 1 udp 1 192.0.2.1 9 typ host' } };
      b.socket.emit('candidate', candidate);
      await a.hear('candidate', candidate);

      b.socket.disconnect();
      await a.hear('exit', { from: b.id, room });
      a.socket.disconnect();
      await end(house);
    });

    test(`rtcsignal, socket.io-client ${version}, ${way}, namespace /socket.io`, options, async () => {
      const house = await serve();
      const names = ['user-joined', 'user-left', 'broadcast'];
      const page = async (userId) => {
        const client = new Page(version, `http://127.0.0.1:${house.port}/socket.io`, transports, names);
        await client.connected;
        client.socket.emit('join-room', JSON.stringify({ userId, roomName: 'alcove' }));
        await client.hear('user-joined', userId);
        return client;
      };

      const a = await page('ada');
      const b = await page('bob');
      await a.hear('user-joined', 'bob');
      const offer = { msgType: 1, sdp: 'v=0\r\n', targetUserId: 'bob', userId: 'ada' };
      a.socket.emit('broadcast', offer);
      await b.hear('broadcast', offer);
      await a.hear('broadcast', offer);
      const hangUp = { msgType: 4, userId: 'bob' };
      b.socket.emit('broadcast', hangUp);
      await a.hear('broadcast', hangUp);
      await b.hear('broadcast', hangUp);

      b.socket.emit('leave-room', JSON.stringify({ userId: 'bob', roomName: 'alcove' }));
      await b.hear('user-left', 'bob');
      await a.hear('user-left', 'bob');
      // and one that goes without a word
      b.socket.emit('join-room', JSON.stringify({ userId: 'bo2', roomName: 'alcove' }));
      await a.hear('user-joined', 'bo2');
      b.socket.disconnect();
      await a.hear('user-left', 'bo2');
      a.socket.disconnect();
      await end(house);
    });
  }
