// SPDX-License-Identifier: GPL-3.0-or-later
//
// A server that lets Alcove in and then does all that it should not, over real sockets: each
// message with each field missing or spoilt, and out of order; too much; too slow; nonsense
// beneath the messages; an end at any moment. Alcove lives, says what was wrong, takes a bounded
// amount of memory, comes back each time, and leaves cleanly in the end.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import test, { describe } from 'node:test';

import { CAST, Stage, leaves, sourceDir } from '../harness/alcove.mjs';

const { WebSocket, WebSocketServer } = createRequire(
  join(sourceDir, 'tests/peers/package.json'))('ws');

const MEGABYTE = 1024 * 1024;
// What one message may take, twice while it is put together, and what the media of those whom
// the server makes up may take.
const MEMORY_BOUND = 400 * MEGABYTE;
const FRAGMENTS = 48;
const LONG = 'A'.repeat(100_000);
const SPOILT = [undefined, null, true, 7, -1, 1.5, 1e300, '', 'x', '\u0000\u202e', LONG, [], {},
  [[[[]]]], { type: 'offer', sdp: 'v=0' }];

const SDP = [
  'v=0', 'o=- 4611731400430051336 2 IN IP4 127.0.0.1', 's=-', 't=0 0', 'a=group:BUNDLE 0',
  'm=video 9 UDP/TLS/RTP/SAVPF 96', 'c=IN IP4 0.0.0.0', 'a=mid:0', 'a=sendrecv', 'a=rtcp-mux',
  'a=ice-ufrag:abcd', 'a=ice-pwd:abcdefghijklmnopqrstuvwx', 'a=setup:actpass',
  `a=fingerprint:sha-256 ${Array(32).fill('AB').join(':')}`, 'a=rtpmap:96 VP8/90000', '',
].join('\r\n');
const CANDIDATE = 'candidate:1 1 udp 2122260223 127.0.0.1 9 typ host';
const PEER = 'bbbbbbbb-2222-4222-8222-000000000002';
const offer = { type: 'offer', sdp: SDP };
const answer = { type: 'answer', sdp: SDP };
const candidate = { candidate: CANDIDATE, sdpMid: '0', sdpMLineIndex: 0 };

const named = (eventName, data) => ({ eventName, data });
const coded = (code, value) => ({ code, value, message: '' });
const relayed = (event, data) => ({ event, from: PEER, to: 'me', data });
const broadcast = (msgType, more) => ['broadcast', { userId: PEER, msgType, ...more }];

// `greet (message)` is the good server's reply to what a client said, or to nothing at first.
const PROTOCOLS = {
  skyrtc: {
    greet: (message) => (message?.includes('__join')
      ? [named('_peers', { connections: [], you: 'me' })] : []),
    messages: [
      named('_peers', { connections: [PEER], you: 'me' }), named('_new_peer', { socketId: PEER }),
      named('_offer', { socketId: PEER, sdp: offer }),
      named('_answer', { socketId: PEER, sdp: answer }),
      named('_ice_candidate', { socketId: PEER, label: 0, candidate: CANDIDATE }),
      named('_remove_peer', { socketId: PEER }),
    ],
  },
  webrtcroom: {
    socketio: true,
    greet: (message) => (message?.includes('createAndJoinRoom')
      ? [['created', { id: 'me', room: 'atrium', peers: [] }]] : []),
    messages: [
      ['created', { id: 'me', room: 'atrium', peers: [{ id: PEER }] }],
      ['joined', { id: PEER, room: 'atrium' }],
      ['offer', { from: PEER, to: 'me', room: 'atrium', sdp: SDP }],
      ['answer', { from: PEER, to: 'me', room: 'atrium', sdp: SDP }],
      ['candidate', { from: PEER, to: 'me', room: 'atrium',
        candidate: { sdpMid: '0', sdpMLineIndex: 0, sdp: CANDIDATE } }],
      ['exit', { from: PEER, room: 'atrium' }],
    ],
  },
  rtcmesh: {
    greet: (message) => (message === null ? [{ event: 'init', ids: [] }] : []),
    messages: [
      { event: 'init', ids: [PEER] }, { event: 'online', id: PEER }, relayed('offer', offer),
      relayed('answer', answer), relayed('candidate', candidate), { event: 'offline', id: PEER },
    ],
  },
  rtcsignal: {
    socketio: true,
    greet: (message) => {
      const user = /userId\\+":\\+"([^"\\]+)/.exec(message ?? '');
      return message?.includes('join-room') && user ? [['user-joined', user[1]]] : [];
    },
    messages: [
      ['user-joined', PEER], broadcast(1, { sdp: SDP }), broadcast(2, { sdp: SDP }),
      broadcast(3, { id: '0', label: 0, candidate: CANDIDATE }), broadcast(4, {}),
      broadcast(16, { formerUserId: PEER, targetUserId: 'me' }), ['user-left', PEER],
    ],
  },
  dispatch: {
    args: ['--role', 'dispatcher'],
    greet: (message) => (message?.includes('2000') ? [coded(2000, 10000)] : []),
    messages: [
      coded(2001, { username: PEER }), coded(2002, { username: PEER, sdp: offer }),
      coded(2003, { username: PEER, sdp: answer }), coded(2004, { username: PEER, candidate }),
      coded(2005, { username: PEER, candidate }), coded(2022, { username: PEER, sdp: offer }),
      coded(2222, { username: PEER }), coded(3000, { username: PEER }), coded(3001, { username: PEER }),
      coded(10000, 10000), coded(-10000, ''), coded(2000, -10000),
    ],
  },
};

/** Every copy of `value` in which one thing, at any depth, is gone or something else. */
function* spoil(value) {
  for (const other of SPOILT)
    yield other;
  if (value === null || typeof value !== 'object')
    return;
  for (const key of Object.keys(value)) {
    for (const inner of spoil(value[key])) {
      const copy = Array.isArray(value) ? [...value] : { ...value };
      if (inner === undefined)
        Array.isArray(copy) ? copy.splice(key, 1) : delete copy[key];
      else
        copy[key] = inner;
      yield copy;
    }
  }
}

/** One connection, beneath which a test may reach for the socket. */
class Guest {
  constructor(ws, protocol, url) {
    Object.assign(this, { ws, protocol });
    ws.on('error', () => {});
    if (protocol.socketio) {
      this.raw(`0${JSON.stringify({ sid: 'me', upgrades: [], pingInterval: 25000, pingTimeout: 60000 })}`);
      // Version 3 of Engine.IO lets everybody in at once; in version 4 they ask.
      if (!url.includes('EIO=4'))
        this.raw('40');
      ws.on('message', (data) => {
        if (url.includes('EIO=4') && data.toString().startsWith('40'))
          this.raw('40{"sid":"me"}');
        else if (data.toString() === '2')
          this.raw('3');
      });
    }
  }

  raw(data, options = {}) {
    if (this.ws.readyState === WebSocket.OPEN)
      this.ws.send(data, options);
  }

  say(message) {
    const text = JSON.stringify(message) ?? '';
    this.raw(this.protocol.socketio ? `42${text}` : text);
  }

  /** Lets it in as a good server would; what it says before that is answered. */
  async welcome() {
    const reply = (data) => {
      const messages = this.protocol.greet(data === null ? null : data.toString());
      messages.forEach((message) => this.say(message));
      return messages.length > 0;
    };
    if (reply(null))
      return;
    for (;;) {
      const [data] = await once(this.ws, 'message', { signal: AbortSignal.timeout(45_000) });
      if (reply(data))
        return;
    }
  }

  /** Everything was read, or the other side has had enough. */
  async settled() {
    if (this.ws.readyState !== WebSocket.OPEN)
      return;
    const gone = [once(this.ws, 'pong'), once(this.ws, 'close')].map((p) => p.catch(() => {}));
    this.ws.ping();
    await Promise.race(gone);
  }
}

const MISDEEDS = {
  'each field spoilt': async (guest) => {
    for (const message of guest.protocol.messages)
      for (const bad of spoil(message))
        guest.say(bad);
    await guest.settled();
  },
  'out of order': async (guest) => {
    const { messages } = guest.protocol;
    for (let shift = 0; shift < messages.length; shift++)
      for (const message of [...messages.slice(shift), ...messages.slice(0, shift)].reverse())
        guest.say(message);
    await guest.settled();
  },
  'no messages at all': async (guest) => {
    for (const text of ['', '{', 'null', '[]', '"x"', '42', '4', '9', '42[', '45999-["x"]', '451-["x"]',
      '41', '44{"message":"no"}', '['.repeat(20_000), `{"a":${'['.repeat(20_000)}`])
      guest.raw(text);
    await guest.settled();
  },
  'five megabytes': async (guest) => {
    guest.raw('x'.repeat(5 * MEGABYTE));
    for (const message of guest.protocol.messages)
      guest.say(JSON.parse(JSON.stringify(message).replaceAll('v=0', `v=0${'x'.repeat(5 * MEGABYTE)}`)));
    await guest.settled();
  },
  binary: async (guest) => {
    for (let i = 0; i < 50; i++)
      guest.raw(randomBytes(1 + i * 200), { binary: true });
    await guest.settled();
  },
  'fragments that never end': async (guest) => {
    const piece = Buffer.alloc(MEGABYTE, 0x20);
    for (let i = 0; i < FRAGMENTS && guest.ws.readyState === WebSocket.OPEN; i++)
      await new Promise((sent) => guest.ws.send(piece, { fin: false, binary: false }, sent));
    await guest.settled();
  },
  'a frame of an impossible length': async (guest) => {
    guest.ws._socket.write(Buffer.from([0x81, 0x7f, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]));
    guest.ws._socket.write(Buffer.alloc(MEGABYTE));
    await once(guest.ws._socket, 'close').catch(() => {});
  },
  'bytes that are no frames': async (guest) => {
    guest.ws._socket.write(randomBytes(MEGABYTE));
    await once(guest.ws._socket, 'close').catch(() => {});
  },
  'an end in the middle of a message': async (guest) => {
    guest.ws._socket.write(Buffer.from([0x81, 0x7e, 0x10, 0x00, 0x7b]));
    guest.ws._socket.destroySoon();
  },
};

// What meets the next attempt instead of a handshake.
const HANDSHAKES = {
  'a slow handshake': async (socket) => {
    for (const byte of 'HTTP/1.1 101 Swi') {
      socket.write(byte);
      await new Promise((later) => setTimeout(later, 50));
    }
    socket.destroy();
  },
  'another answer': async (socket) => {
    socket.end('HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n');
  },
  'endless headers': async (socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\n');
    for (let i = 0; i < 200 && !socket.destroyed; i++)
      socket.write(`X-${i}: ${'x'.repeat(8000)}\r\n`);
    socket.destroy();
  },
};

const peak = ({ pid }) => 1024 * Number(
  /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))[1]);

function stories([name, protocol]) {
  test(`${name}: a hostile server`, async (t) => {
    const stage = new Stage(t);
    const http = createServer((request, response) => response.writeHead(400).end());
    const wss = new WebSocketServer({ noServer: true });
    const arrivals = [];
    let program = null;
    http.on('upgrade', (request, socket, head) => {
      socket.on('error', () => {});
      arrivals.push({ request, socket, head });
      program.bus.emit('change');
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    stage.cleanup(() => {
      wss.clients.forEach((client) => client.terminate());
      http.closeAllConnections();
      http.close();
    });
    const arrival = () => program.until('another attempt', () => arrivals.shift());
    const admit = ({ request, socket, head }) => new Promise((admitted) =>
      wss.handleUpgrade(request, socket, head, (ws) => admitted(new Guest(ws, protocol, request.url))));

    program = stage.headless(CAST[0], `ws://127.0.0.1:${http.address().port}/`,
      { args: ['--protocol', name, '--size', '320x240', '--fps', '5', ...protocol.args ?? []] });
    let guest = await admit(await arrival());
    await guest.welcome();
    await program.event('joined');
    const before = peak(program);

    for (const [what, commit] of Object.entries(MISDEEDS)) {
      await t.test(`${name}: ${what}`, async () => {
        const mark = program.mark;
        await commit(guest);
        guest.ws.terminate();
        guest = await admit(await arrival());
        await guest.welcome();
        await program.event('joined', {}, { since: mark });
        assert.equal(program.exitStatus, null);
      });
    }
    for (const [what, commit] of Object.entries(HANDSHAKES)) {
      await t.test(`${name}: ${what}`, async () => {
        const mark = program.mark;
        guest.ws.terminate();
        await commit((await arrival()).socket);
        guest = await admit(await arrival());
        await guest.welcome();
        await program.event('joined', {}, { since: mark });
      });
    }

    const after = peak(program);
    console.log(`measured: hostile server: ${name}: ${Math.round(after / MEGABYTE)} MB at the most, `
      + `${Math.round(before / MEGABYTE)} MB before`);
    assert.ok(after - before < MEMORY_BOUND, 'memory is bounded');
    assert.ok(program.has('error'), 'what was wrong is told');
    await leaves(program);
  });
}

// They wait for Alcove most of the time.
describe('in each protocol', { concurrency: 2 },
  () => Object.entries(PROTOCOLS).forEach(stories));
