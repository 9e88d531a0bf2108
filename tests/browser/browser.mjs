// SPDX-License-Identifier: GPL-3.0-or-later
//
// Chromium with one of our pages in it, for the tests to drive.

import assert from 'node:assert/strict';
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

import { PATIENCE } from '../harness/program.mjs';

const here = dirname(fileURLToPath(import.meta.url));

const CHROMIUM = process.env.ALCOVE_CHROMIUM
  ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
    .find((path) => existsSync(path));

const ARGUMENTS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--mute-audio',
  '--autoplay-policy=no-user-gesture-required',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  // Where the loopback interface is the only one, it must do.
  '--allow-loopback-in-peer-connection',
];

// The library as it comes, with the version of the protocol that the originals' pages have.
const SOCKET_IO = '../peers/node_modules/socket.io-client-2/dist/socket.io.js';

const filesOf = (name) => ({
  '/': [`${name}-page.html`, 'text/html; charset=utf-8'],
  [`/${name}-page.js`]: [`${name}-page.js`, 'text/javascript'],
  '/page-media.js': ['page-media.js', 'text/javascript'],
  '/test-mark.js': ['test-mark.js', 'text/javascript'],
  '/socket.io.js': [SOCKET_IO, 'text/javascript'],
});

/**
 * Passes a WebSocket on to the signalling server at `target`, as the proxy does that stands
 * in front of page and server: servers check that a page is of their own origin.
 */
function passOn(request, socket, head, target) {
  const { hostname, port, host } = new URL(target);
  const upstream = connect(Number(port), hostname, () => {
    const headers = { ...request.headers, host, origin: `http://${host}` };
    upstream.write(`GET ${request.url} HTTP/1.1\r\n`
      + Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('')
      + '\r\n');
    upstream.write(head);
    upstream.pipe(socket).pipe(upstream);
  });
  for (const [one, other] of [[socket, upstream], [upstream, socket]]) {
    one.on('error', () => other.destroy());
    one.on('close', () => other.destroy());
  }
}

/** `target ()` tells where those WebSockets go that the page opens at its own address. */
function servePage(stage, name, target) {
  const files = filesOf(name);
  const server = createServer((request, response) => {
    const file = files[request.url];
    if (file === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': file[1], 'cache-control': 'no-store' });
    createReadStream(join(here, file[0])).pipe(response);
  });
  const sockets = new Set();
  server.on('upgrade', (request, socket, head) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    passOn(request, socket, head, target());
  });
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      stage.cleanup(() => {
        server.closeAllConnections?.();
        sockets.forEach((socket) => socket.destroy());
        return new Promise((closed) => server.close(closed));
      });
      resolve(`http://127.0.0.1:${server.address().port}/`);
    });
  });
}

/** One Chromium with one page. Ended with the stage of its test. */
export class Browser {
  /** `name` is that of the page's protocol, `args` are more arguments for Chromium. */
  static async start(stage, name = 'skyrtc', args = []) {
    assert.ok(CHROMIUM, 'Chromium is installed');
    const self = new Browser();
    self.log = [];
    self.url = await servePage(stage, name, () => self.target);
    // Asking for a window keeps playwright from choosing its own kind of
    // headless; the argument above makes it windowless.
    self.server = await chromium.launchServer({
      executablePath: CHROMIUM, headless: false, args: [...ARGUMENTS, ...args] });
    stage.cleanup(() => self.server.kill());
    self.browser = await chromium.connect(self.server.wsEndpoint());
    self.page = await self.browser.newPage();
    self.page.on('console', (message) => self.log.push(message.text()));
    self.page.on('pageerror', (error) => self.log.push(String(error)));
    await self.load();
    return self;
  }

  async load() {
    await this.page.goto(this.url);
    await this.page.waitForFunction(() => window.alcove !== undefined);
  }

  /**
   * Joins; resolves when the server has answered, with our id there. With `direct` the page
   * goes to the server itself, which is of another origin than the page then.
   */
  async join({ server, direct = false, ...options }) {
    this.target = server;
    await this.page.evaluate((given) => window.alcove.join(given),
      { server: direct ? server : this.url.replace('http:', 'ws:'), ...options });
    return (await this.until('the room', (state) => state.self !== null)).self;
  }

  state() {
    return this.page.evaluate(() => window.alcove.state());
  }

  chat(text) {
    return this.page.evaluate((given) => window.alcove.chat(given), text);
  }

  /** Closes its connections and then its socket. */
  leave() {
    return this.page.evaluate(() => window.alcove.leave());
  }

  /** Has the page do something that only pages of its protocol can. */
  act(what, ...given) {
    return this.page.evaluate(([name, values]) => window.alcove[name](...values), [what, given]);
  }

  answer(word) {
    return this.page.evaluate((given) => window.alcove.answer(given), word);
  }

  sendFile(name, size) {
    return this.page.evaluate((given) => window.alcove.sendFile(...given), [name, size]);
  }

  sendBinary(size) {
    return this.page.evaluate((given) => window.alcove.sendBinary(given), size);
  }

  digest(id, sendId) {
    return this.page.evaluate((given) => window.alcove.digest(...given), [id, sendId]);
  }

  /** Reloads the page: its socket and connections are gone without a word to the peers. */
  reload() {
    return this.load();
  }

  /** Ends the browser's process at once, as a crash would. */
  kill() {
    return this.server.kill();
  }

  /** Asks again with every picture of the page until `fits (state)`. */
  async until(what, fits) {
    const limit = performance.now() + PATIENCE;
    for (;;) {
      const state = await this.state();
      if (fits(state))
        return state;
      if (performance.now() > limit)
        throw new Error(`no ${what} in ${PATIENCE} ms; the page: ${JSON.stringify(state)}\n`
          + this.log.join('\n'));
      await this.page.evaluate(() => new Promise(requestAnimationFrame));
    }
  }

  /** Waits for the one peer in whose state everything in `fits` holds. */
  async peer(what, fits) {
    const state = await this.until(what, ({ peers }) => peers.some(fits));
    return state.peers.find(fits);
  }
}
