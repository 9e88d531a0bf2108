// SPDX-License-Identifier: GPL-3.0-or-later
//
// A participant that does everything wrong, towards a SkyRTC server and, through
// it, towards those who are in the room.
//
//   node raw-skyrtc-peer.mjs --url ws://127.0.0.1:PORT/ --room NAME
//                            [--variant python|node] [--only STEP[,STEP…]]
//                            [--pause MS] [--stay]
//
// Each step that starts is told in a JSON line {"event":"step","name":…}; what comes
// back as {"event":"message",…}, {"event":"closed","code":…}. A step that loses its connection
// is followed by the next on a fresh one. Steps that aim at participants say in
// "targets" how many there were. The last line is {"event":"done","steps":N}. With --stay it
// then stays in the room until standard input ends. Exit status: 0 if all steps were played, 1 if
// the server could not be reached, 2 wrong usage.

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { WebSocket } from 'ws';

const CONNECT_TIMEOUT = 10_000;
const JOIN_TIMEOUT = 5_000;
const HUGE = 5 * 1024 * 1024;
// What shows of itself when the server must have dealt with all that was sent.
const SETTLE_TIMEOUT = 5_000;

const { values: options } = parseArgs({
  options: {
    url: { type: 'string' },
    room: { type: 'string' },
    variant: { type: 'string', default: 'python' },
    only: { type: 'string' },
    pause: { type: 'string', default: '0' },
    stay: { type: 'boolean', default: false },
  },
});

if (options.url === undefined || options.room === undefined
    || !['python', 'node'].includes(options.variant)) {
  console.error('usage: raw-skyrtc-peer.mjs --url URL --room NAME [--variant python|node]'
    + ' [--only STEP,…] [--pause MS] [--stay]');
  process.exit(2);
}

const started = Date.now();
const print = (event, more = {}) =>
  console.log(JSON.stringify({ event, t: Date.now() - started, ...more }));
const spell = (name) => (options.variant === 'python' ? `__${name}__` : `__${name}`);

const fingerprint = Array.from({ length: 32 }, (_, i) => (i + 16).toString(16).toUpperCase())
  .join(':');

// Well-formed, and nobody is behind it.
const goodSdp = (session = 1) => [
  'v=0', `o=- ${session} 1 IN IP4 127.0.0.1`, 's=-', 't=0 0', 'a=group:BUNDLE 0',
  'm=video 9 UDP/TLS/RTP/SAVPF 96', 'c=IN IP4 0.0.0.0', 'a=mid:0', 'a=sendrecv',
  'a=rtcp-mux', 'a=rtpmap:96 VP8/90000', 'a=setup:actpass', 'a=ice-ufrag:abcd',
  'a=ice-pwd:abcdefghijklmnopqrstuvwx', `a=fingerprint:sha-256 ${fingerprint}`, '',
].join('\r\n');

class Peer {
  constructor() {
    this.id = randomUUID().replaceAll('-', '');
    this.members = new Set();
    this.closed = false;
    this.waiters = [];
  }

  open() {
    const base = new URL(options.url);

    if (base.pathname === '/')
      base.pathname = `/ws/${this.id}`;
    this.socket = new WebSocket(base, { handshakeTimeout: CONNECT_TIMEOUT, maxPayload: 0 });
    this.socket.on('message', (data) => this.receive(data.toString()));
    this.socket.on('close', (code) => {
      this.closed = true;
      print('closed', { code });
      this.wake();
    });
    return new Promise((resolve, reject) => {
      this.socket.once('open', resolve);
      this.socket.once('error', reject);
    }).then(() => {
      // what comes later is told by `close`
      this.socket.on('error', () => {});
    });
  }

  receive(text) {
    let message;

    try {
      message = JSON.parse(text);
    } catch {
      print('message', { bad: text.slice(0, 80) });
      return;
    }

    const { eventName, data } = message ?? {};
    print('message', { name: eventName, from: data?.socketId });
    if (eventName === '_peers') {
      this.id = data.you ?? this.id;
      this.members = new Set(data.connections);
      this.joined = true;
    } else if (eventName === '_new_peer') {
      this.members.add(data.socketId);
    } else if (eventName === '_remove_peer') {
      this.members.delete(data.socketId);
    }
    this.wake();
  }

  wake() {
    for (const waiter of this.waiters.splice(0))
      waiter();
  }

  async until(condition, timeout) {
    const end = Date.now() + timeout;

    while (!condition() && !this.closed && Date.now() < end) {
      const timer = new AbortController();
      await Promise.race([
        new Promise((resolve) => this.waiters.push(resolve)),
        sleep(end - Date.now(), undefined, { signal: timer.signal }).catch(() => {}),
      ]);
      timer.abort();
    }
    return condition();
  }

  async join() {
    this.event('join', { room: options.room });
    if (!await this.until(() => this.joined, JOIN_TIMEOUT))
      print('not-joined');
  }

  raw(text) {
    if (this.socket.readyState === WebSocket.OPEN)
      this.socket.send(text);
  }

  send(value) {
    this.raw(JSON.stringify(value));
  }

  event(name, data) {
    this.send({ eventName: spell(name), data });
  }

  // To everybody in the room.
  each(name, make) {
    for (const socketId of this.members)
      this.event(name, { socketId, ...make(socketId) });
  }

  // A server answers pings in turn, so all that was sent before has been read.
  async settle() {
    let answered = false;

    if (this.socket.readyState === WebSocket.OPEN) {
      this.socket.once('pong', () => {
        answered = true;
        this.wake();
      });
      this.socket.ping();
    }
    await this.until(() => answered, SETTLE_TIMEOUT);
    await sleep(Number(options.pause));
  }
}

const offer = (sdp) => ({ sdp: { type: 'offer', sdp } });
const candidate = (text, more = {}) => ({ label: 0, candidate: text, ...more });
const goodCandidate = 'candidate:1 1 udp 2122260223 127.0.0.1 9 typ host';
const wrongTypes = [null, true, 7, -1, 1.5, '', 'x', [], {}, [[]], { a: null }];

const steps = {
  'malformed-json': (peer) => {
    for (const text of ['', '{', '}', '{"eventName":', '{"eventName":"__join__","data":{}', 'nul',
      "{'eventName':1}", '\u0000', '{"eventName":"__offer__","data":{"sdp":"\\ud800"}}',
      '['.repeat(100_000), '{"a":'.repeat(10_000)])
      peer.raw(text);
  },
  'not-an-object': (peer) => {
    for (const value of wrongTypes)
      peer.send(value);
  },
  'missing-fields': (peer) => {
    for (const name of ['offer', 'answer', 'ice_candidate']) {
      peer.send({ eventName: spell(name) });
      peer.event(name, {});
      peer.each(name, () => ({}));
    }
    peer.each('offer', () => ({ sdp: {} }));
    peer.each('offer', () => ({ sdp: { type: 'offer' } }));
    peer.each('offer', () => ({ sdp: { sdp: goodSdp() } }));
    peer.each('ice_candidate', () => ({ label: 0 }));
    peer.each('ice_candidate', () => ({ candidate: goodCandidate }));
  },
  'wrong-types': (peer) => {
    for (const value of wrongTypes) {
      peer.send({ eventName: value, data: {} });
      peer.send({ eventName: spell('offer'), data: value });
      peer.event('offer', { sdp: value, socketId: value });
      for (const name of ['offer', 'answer']) {
        peer.each(name, () => ({ sdp: value }));
        peer.each(name, () => ({ sdp: { type: name, sdp: value } }));
        peer.each(name, () => ({ sdp: { type: value, sdp: goodSdp() } }));
      }
      peer.each('ice_candidate', () => ({ label: value, candidate: goodCandidate }));
      peer.each('ice_candidate', () => ({ label: 0, candidate: value }));
      peer.each('ice_candidate', () => candidate(goodCandidate, { sdpMid: value, sdpMLineIndex: value }));
    }
  },
  'unknown-event': (peer) => {
    for (const name of ['_peers', '_new_peer', '_remove_peer', '_offer', '__nonsense__', 'x'.repeat(1000)])
      peer.send({ eventName: name, data: { socketId: [...peer.members][0], connections: [], you: 'x' } });
  },
  'unknown-target': (peer) => {
    for (const socketId of ['nobody', peer.id, 'x'.repeat(10_000), '../..', ''])
      peer.event('offer', { socketId, ...offer(goodSdp()) });
  },
  'bad-sdp': (peer) => {
    for (const sdp of ['', 'x', 'v=0', 'v=0\r\n', goodSdp().slice(0, 120), goodSdp().replaceAll('\r\n', ' '),
      goodSdp().replace('m=video', 'm=' + 'v'.repeat(5000)), goodSdp().replace('96 VP8', '9999999999 VP8'),
      goodSdp().replace('a=mid:0', 'a=mid:' + 'm'.repeat(5000)),
      goodSdp() + 'a=x\r\n'.repeat(2000), goodSdp() + 'm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n'.repeat(500)])
      peer.each('offer', () => offer(sdp));
  },
  'no-fingerprint': (peer) => {
    peer.each('offer', () => offer(goodSdp().replace(/a=fingerprint.*\r\n/, '')));
  },
  'bad-fingerprint': (peer) => {
    for (const value of ['sha-256', 'sha-256 ', 'sha-256 00', 'md5 00:11', 'sha-256 ' + 'ZZ:'.repeat(32)])
      peer.each('offer', () => offer(goodSdp().replace(/a=fingerprint.*/, `a=fingerprint:${value}`)));
  },
  'early-candidate': (peer) => {
    peer.each('ice_candidate', () => candidate(goodCandidate));
    peer.each('offer', () => offer(goodSdp(2)));
  },
  'bad-candidates': (peer) => {
    for (const text of ['', 'x', 'candidate:', 'candidate:1 1 udp', 'candidate:1 1 udp x 127.0.0.1 99999 typ host',
      'candidate:1 1 udp 1 no.such.name.invalid 9 typ host', 'candidate:' + '9'.repeat(2000)])
      for (const label of [0, 1, 7, 1000])
        peer.each('ice_candidate', () => ({ label, candidate: text }));
  },
  'candidate-flood': (peer) => {
    for (let i = 0; i < 100; i++)
      peer.each('ice_candidate', () => candidate(goodCandidate.replace(' 9 ', ` ${i + 1} `)));
  },
  'unasked-answer': (peer) => {
    peer.each('answer', () => ({ sdp: { type: 'answer', sdp: goodSdp() } }));
    peer.each('answer', () => ({ sdp: { type: 'offer', sdp: goodSdp() } }));
  },
  'two-offers': (peer) => {
    peer.each('offer', () => offer(goodSdp(3)));
    peer.each('offer', () => offer(goodSdp(4)));
  },
  'binary': (peer) => {
    if (peer.socket.readyState === WebSocket.OPEN)
      peer.socket.send(Buffer.from([0, 1, 2, 255]));
  },
  'join-twice': async (peer) => {
    peer.event('join', { room: options.room });
    await peer.settle();
    peer.event('join', { room: options.room });
  },
  'huge-sdp': (peer) => {
    peer.each('offer', () => offer(goodSdp() + 'a=x\r\n'.repeat(100_000)));
  },
  'huge-message': async (peer) => {
    peer.raw(JSON.stringify({ eventName: spell('offer'), data: { sdp: 'x'.repeat(HUGE), socketId: 'x' } }));
  },
  'flood': async (peer) => {
    for (let i = 0; i < 5000; i++)
      peer.raw('{}');
  },
  'close-code': (peer) => {
    peer.socket.close(4321, 'as one likes');
  },
  'tcp-cut': async (peer) => {
    peer.each('offer', () => offer(goodSdp(5)));
    await peer.settle();
    peer.socket.terminate();
    await peer.until(() => peer.closed, SETTLE_TIMEOUT);
  },
  'half-frame': async (peer) => {
    // the header of a frame of 1000 bytes, and nothing after it
    const half = Buffer.from([0x81, 0xfe, 0x03, 0xe8, 1, 2, 3, 4, 5]);
    await new Promise((done) => { peer.socket._socket.write(half, done); });
    peer.socket._socket.destroy();
    await peer.until(() => peer.closed, SETTLE_TIMEOUT);
  },
};

async function fresh() {
  const peer = new Peer();

  await peer.open();
  await peer.join();
  return peer;
}

async function play() {
  const names = options.only?.split(',') ?? Object.keys(steps);
  let peer = await fresh();

  for (const name of names) {
    if (steps[name] === undefined) {
      console.error(`no step is called ${name}; there are ${Object.keys(steps).join(', ')}`);
      process.exit(2);
    }
    if (peer.closed || peer.socket.readyState !== WebSocket.OPEN)
      peer = await fresh();
    print('step', { name, targets: peer.members.size });
    await steps[name](peer);
    await peer.settle();
  }

  print('done', { steps: names.length });
  if (options.stay) {
    if (peer.closed)
      peer = await fresh();
    process.stdin.resume();
    await new Promise((resolve) => process.stdin.once('end', resolve));
  }
  peer.socket.terminate();
}

play().then(() => process.exit(0), (error) => {
  print('error', { message: error.message });
  process.exit(1);
});
