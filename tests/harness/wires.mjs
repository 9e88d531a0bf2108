// SPDX-License-Identifier: GPL-3.0-or-later
//
// Signalling by hand: a relay that can change what passes through it, a raw
// SkyRTC peer that sends what no honest program would, and the independent server.

import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';

import { PATIENCE } from './program.mjs';
import { sourceDir } from './alcove.mjs';

const { WebSocket, WebSocketServer } = createRequire(
  join(sourceDir, 'tests/peers/package.json'))('ws');

/**
 * The small server of tests/peers that shares no code with ours. `variant` is `python`
 * or `node`, the two dialects of SkyRTC.
 */
export function independentServer(stage, variant) {
  return peersServer(stage, 'skyrtc-server.mjs', ['--variant', variant]);
}

/** One of the small servers of tests/peers: `file` is .mjs or .py. `server.command ()` works. */
export async function peersServer(stage, file, args = []) {
  const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';
  const program = stage.start(file.endsWith('.py') ? python : process.execPath,
    [join(sourceDir, 'tests/peers', file), '--port', '0', ...args], { label: file });
  program.port = (await program.event('listening')).port;
  program.url = `ws://127.0.0.1:${program.port}/`;
  return program;
}

/**
 * The small server of tests/peers for `protocol`, `webrtcroom` or `rtcsignal`, on npm's
 * socket.io of that version.
 */
export async function socketioServer(stage, protocol, library) {
  const program = stage.start(process.execPath,
    [join(sourceDir, `tests/peers/${protocol}-server.mjs`), '--library', library],
    { label: `${protocol} server (socket.io ${library})` });
  program.port = (await program.event('listening')).port;
  program.url = `ws://127.0.0.1:${program.port}/`;
  return program;
}

/**
 * Stands between a client and the server at `target`, and hands each message through
 * `change (message, direction)`, with direction `up` or `down`; null drops it.
 * Returns the address for the client.
 */
export async function relay(stage, target, change) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, maxPayload: 32 << 20 });
  stage.cleanup(() => {
    for (const client of server.clients)
      client.terminate();
    return new Promise((closed) => server.close(closed));
  });
  server.on('connection', (client, request) => {
    const upstream = new WebSocket(new URL(request.url, target));
    const waiting = [];
    const pass = (to, direction) => (data) => {
      let message = change(JSON.parse(data.toString()), direction);
      if (message === null)
        return;
      message = JSON.stringify(message);
      if (to.readyState === WebSocket.OPEN)
        to.send(message);
      else if (to === upstream)
        waiting.push(message);
    };
    upstream.on('open', () => waiting.splice(0).forEach((message) => upstream.send(message)));
    client.on('message', pass(upstream, 'up'));
    upstream.on('message', pass(client, 'down'));
    for (const [one, other] of [[client, upstream], [upstream, client]]) {
      one.on('close', () => other.terminate());
      one.on('error', () => other.terminate());
    }
  });
  await once(server, 'listening');
  return `ws://127.0.0.1:${server.address().port}/`;
}

/**
 * A line of TCP to the server at `target`, and whatever it says; `cut ()` breaks all that run
 * over it, and new ones can be made at once.
 */
export async function line(stage, target) {
  const { hostname, port } = new URL(target);
  const sockets = new Set();
  const cut = () => sockets.forEach((socket) => socket.destroy());
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const [one, other] of [[near, far], [far, near]]) {
      sockets.add(one);
      one.on('error', () => {});
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  stage.cleanup(() => {
    cut();
    return new Promise((closed) => server.close(closed));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { url: `ws://127.0.0.1:${server.address().port}/`, cut };
}

/** A SkyRTC client of the Python kind that sends whatever it is told to. */
export class RawPeer {
  static async join(stage, url, room) {
    const self = new RawPeer();
    self.messages = [];
    self.closed = false;
    self.id = randomUUID().replaceAll('-', '');
    self.socket = new WebSocket(new URL(`/ws/${self.id}`, url), { maxPayload: 64 << 20 });
    stage.cleanup(() => self.socket.terminate());
    self.socket.on('error', () => {});
    self.socket.on('close', () => {
      self.closed = true;
    });
    self.socket.on('message', (data) => {
      try {
        self.messages.push(JSON.parse(data.toString()));
      } catch {
        // Only what a server says of itself is of interest here.
      }
    });
    await once(self.socket, 'open');
    self.send('__join__', { room });
    self.peers = (await self.message('_peers')).connections;
    return self;
  }

  raw(text) {
    if (this.socket.readyState === WebSocket.OPEN)
      this.socket.send(text);
  }

  send(eventName, data) {
    this.raw(JSON.stringify({ eventName, data }));
  }

  /** The data of the first message of that name, now or when it comes. */
  async message(eventName) {
    const limit = AbortSignal.timeout(PATIENCE);
    for (;;) {
      const found = this.messages.find((message) => message.eventName === eventName);
      if (found)
        return found.data;
      await once(this.socket, 'message', { signal: limit });
    }
  }

  /** The server has read everything that was sent so far, or has cut the connection. */
  async settled() {
    if (this.socket.readyState !== WebSocket.OPEN)
      return;
    const answered = once(this.socket, 'pong').catch(() => {});
    const cut = once(this.socket, 'close').catch(() => {});
    this.socket.ping();
    await Promise.race([answered, cut]);
  }

  leave() {
    this.socket.terminate();
  }
}
