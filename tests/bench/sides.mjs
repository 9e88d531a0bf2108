// SPDX-License-Identifier: GPL-3.0-or-later
//
// The two that are compared, and what stands around them: server, far ends, screen.

import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { Program } from '../harness/program.mjs';
import { findBelow } from './processes.mjs';

const run = promisify(execFile);
const here = dirname(fileURLToPath(import.meta.url));
const { chromium } = createRequire(join(here, '../browser/'))('playwright-core');

export const sourceDir = resolve(here, '../..');
export const buildDir = process.env.ALCOVE_BUILD_DIR ?? join(sourceDir, '_build');

export const CHROMIUM = process.env.ALCOVE_CHROMIUM
  ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
    .find((path) => existsSync(path)) ?? null;

// How long anything may take before the row is given up; a loaded machine is slow.
const PATIENCE = 60_000;

export const wallClock = () => performance.timeOrigin + performance.now();

/** What a time of the monotonic clock in milliseconds is by the wall clock. */
export function fromMonotonic(time) {
  return time + wallClock() - Number(process.hrtime.bigint()) / 1e6;
}

export const pause = (seconds) => new Promise((done) => {
  setTimeout(done, seconds * 1000);
});

/** What is started for one reading; `end ()` ends all of it, the last first. */
export class Scene {
  constructor(content) {
    this.content = content;
    this.ends = [];
    this.dir = mkdtempSync(join(tmpdir(), 'alcove-bench-'));
    this.ends.push(() => rmSync(this.dir, { recursive: true, force: true, maxRetries: 5 }));
  }

  atEnd(callback) {
    this.ends.push(callback);
  }

  async end() {
    for (const callback of this.ends.splice(0).reverse()) {
      try {
        await callback();
      } catch (error) {
        console.error(`while clearing up: ${error.message}`);
      }
    }
  }

  start(path, args, options) {
    const program = new Program(path, args, options);
    this.atEnd(() => program.kill());
    return program;
  }

  async server() {
    const program = this.start(join(buildDir, 'src/alcove-server'),
      ['--port', '0', '--allow-origin', '*']);
    const [, port] = await program.line(/^listening on .*:(\d+)\/?\D*$/, { timeout: PATIENCE });
    program.url = `ws://127.0.0.1:${port}/`;
    this.serverUrl = program.url;
    return program;
  }

  /** `count` people in the room, who send and never look. */
  async farEnds(count, { fps = 30, room = 'alcove' } = {}) {
    const { content } = this;
    const program = this.start(join(buildDir, 'tests/bench/bench-far-ends'), [
      '--server', this.serverUrl, '--room', room, '--count', String(count), '--fps', String(fps),
      '--video', content.delta, '--keys', content.keys, '--sound', content.farSound]);
    program.schedule = await program.event('ready', {}, { timeout: PATIENCE });
    return program;
  }

  async screen(width = 1280, height = 720) {
    const folder = join(this.dir, `screen-${this.ends.length}`);
    mkdirSync(folder);
    const child = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', `${width}x${height}x24`,
      '-fbdir', folder, '-nolisten', 'tcp', '-noreset'],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
    this.atEnd(async () => {
      child.kill();
      if (child.exitCode === null && child.signalCode === null)
        await once(child, 'exit');
    });
    const [number] = await once(createInterface({ input: child.stdio[3] }), 'line');
    return new Screen(this, child.pid, `:${number}`, join(folder, 'Xvfb_screen0'));
  }

  /** A sound server of its own: what is played in `mouth` is the microphone, `ear` hears all. */
  async sound() {
    const folder = join(this.dir, 'pulse');
    mkdirSync(folder, { mode: 0o700 });
    const socket = join(folder, 'native');
    const env = { PULSE_SERVER: `unix:${socket}`, PULSE_RUNTIME_PATH: folder,
      PULSE_STATE_PATH: folder };
    const program = this.start('pulseaudio', ['-n', '--daemonize=no', '--exit-idle-time=-1',
      '--use-pid-file=no', '--disable-shm=yes', '--log-level=error', '--load',
      `module-native-protocol-unix socket=${socket} auth-anonymous=1`,
      '--load', 'module-null-sink sink_name=mouth rate=48000 channels=1',
      '--load', 'module-null-sink sink_name=ear rate=48000 channels=1',
      '--load', 'module-remap-source source_name=mic master=mouth.monitor'], { env });
    const limit = performance.now() + PATIENCE;
    for (;;) {
      try {
        await run('pactl', ['set-default-sink', 'ear'], { env: { ...process.env, ...env } });
        await run('pactl', ['set-default-source', 'mic'], { env: { ...process.env, ...env } });
        return env;
      } catch (error) {
        if (performance.now() > limit || program.exitStatus !== null)
          throw new Error(`no sound server: ${error.stderr ?? error}\n${program.report()}`);
        await pause(0.1);
      }
    }
  }

  headless(name, { room = 'alcove', video, audio, env, args = [] }) {
    return this.start(join(buildDir, 'src/alcove-headless'), ['--protocol', 'skyrtc', '--server',
      this.serverUrl, '--room', room, '--name', name, '--video', video, '--audio', audio,
      '--size', '640x360', '--fps', '30', ...args], { env });
  }

  window(screen, args, env = {}) {
    return this.start(join(buildDir, 'src/alcove'), args,
      { env: { ...screen?.env, ALCOVE_DEBUG: 'timing', ...env } });
  }

  /** A browser with the bench's page in its lobby. */
  async chromium({ screen = null, gpu = false, devices = true, env = {}, media = {} } = {}) {
    const profile = join(this.dir, `profile-${this.ends.length}`);
    const url = await this.#servePage();
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: CHROMIUM,
      headless: false,
      viewport: null,
      // The bar that says that it is driven takes room from the tiles.
      ignoreDefaultArgs: ['--mute-audio', '--disable-gpu', '--enable-automation'],
      env: { ...process.env, ...screen?.env, ...env },
      args: chromiumArguments({ screen, gpu, devices, url, content: this.content,
        mute: env.PULSE_SERVER === undefined }),
    });
    this.atEnd(() => context.close());
    const pid = findBelow(process.pid, (line) => line.some((word) => word.includes(profile))
      && !line.some((word) => word.startsWith('--type=')));
    const page = context.pages().find((one) => one.url().startsWith(url)) ?? context.pages()[0]
      ?? await context.newPage();
    if (!page.url().startsWith(url))
      await page.goto(url);
    await page.waitForFunction(() => window.bench !== undefined);
    await page.evaluate((given) => window.bench.prepare(given), media);
    return new Chromium(this, page, pid);
  }

  async #servePage() {
    const files = {
      '/': ['page.html', 'text/html; charset=utf-8'],
      '/page.js': ['page.js', 'text/javascript'],
      '/test-mark.js': ['../browser/test-mark.js', 'text/javascript'],
    };
    const server = createServer((request, response) => {
      const file = files[request.url];
      if (file === undefined) {
        response.writeHead(404).end();
        return;
      }
      response.writeHead(200, { 'content-type': file[1] });
      createReadStream(join(here, file[0])).pipe(response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.atEnd(() => {
      server.closeAllConnections?.();
      server.close();
    });
    return `http://127.0.0.1:${server.address().port}/`;
  }
}

export function chromiumArguments({ screen, gpu, devices, url, content, mute }) {
  return [
    ...screen === null ? ['--headless=new'] : ['--window-position=0,0'],
    '--window-size=1280,720',
    `--app=${url}`,
    ...gpu ? ['--ignore-gpu-blocklist'] : ['--disable-gpu'],
    '--no-sandbox',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-dev-shm-usage',
    '--autoplay-policy=no-user-gesture-required',
    '--use-fake-ui-for-media-stream',
    ...mute ? ['--mute-audio'] : [],
    ...devices ? ['--use-fake-device-for-media-stream',
      `--use-file-for-fake-video-capture=${content.camera}`,
      `--use-file-for-fake-audio-capture=${content.voice}`] : [],
    // Where the loopback interface is the only one, it must do.
    '--allow-loopback-in-peer-connection',
  ];
}

class Chromium {
  constructor(scene, page, pid) {
    this.scene = scene;
    this.page = page;
    this.pid = pid;
  }

  join(room = 'alcove') {
    return this.page.evaluate((given) => window.bench.join(given),
      { server: this.scene.serverUrl, name: room });
  }

  state() {
    return this.page.evaluate(() => window.bench.state());
  }

  times() {
    return this.page.evaluate(() => window.bench.times());
  }

  /** Waits until pictures of `count` peers are there. */
  async live(count) {
    const limit = performance.now() + PATIENCE;
    for (;;) {
      const state = await this.state();
      if (state.peers.filter(({ decoded }) => decoded > 0).length >= count)
        return state;
      if (performance.now() > limit)
        throw new Error(`Chromium does not see ${count}: ${JSON.stringify(state)}`);
      await pause(0.2);
    }
  }
}

/** Waits until pictures of `count` peers are there in alcove-headless. */
export async function headlessLive(program, count) {
  await program.until(`${count} pictures`, () => new Set(program.events
    .filter(({ event }) => event === 'first-frame').map(({ peer }) => peer)).size >= count,
  { timeout: PATIENCE });
}

/** The same in a window, by what it says of its timing. */
export async function windowLive(program, count) {
  await program.until(`${count} pictures`, () => program.errors
    .filter((line) => / timing: .*first frame after/.test(line)).length >= count,
  { timeout: PATIENCE });
}

export function stamp(program, pattern) {
  return program.until(`line ${pattern}`, () => {
    const line = program.errors.find((text) => pattern.test(text));
    return line && Number(line.split(' ')[0]);
  }, { timeout: PATIENCE });
}

class Screen {
  constructor(scene, pid, display, file) {
    this.scene = scene;
    this.pid = pid;
    this.file = file;
    this.env = { DISPLAY: display, GDK_BACKEND: 'x11', GSK_RENDERER: 'cairo',
      WAYLAND_DISPLAY: '' };
  }

  #watcher(args) {
    return new Program(join(buildDir, 'tests/bench/bench-screen'), [this.file, ...args]);
  }

  /** The marks that are on the screen now: `[{picture, counter, place}]`. */
  places() {
    const grey = execFileSync(join(buildDir, 'tests/bench/bench-screen'), [this.file, 'grey'],
      { maxBuffer: 64 * 1024 * 1024 });
    const end = grey.indexOf(10);
    const [width, height] = grey.subarray(0, end).toString().split(' ');
    const found = execFileSync('python3', [join(sourceDir, 'tests/harness/read-marks.py'), width,
      height], { input: grey.subarray(end + 1), encoding: 'utf8' });
    return found.split('\n').filter(Boolean).map((line) => {
      const [picture, counter, ...place] = line.split(' ').map(Number);
      return { picture, counter, place: place.join(',') };
    });
  }

  /** Waits until `count` tiles bear a mark of `picture`; returns where, as many as there are. */
  async untilPlaces(picture, count) {
    const limit = performance.now() + PATIENCE / 2;
    // A screenshot in the middle of a picture lacks a tile now and then.
    const found = new Map();
    for (;;) {
      for (const mark of this.places().filter((one) => one.picture === picture)) {
        const [x, y] = mark.place.split(',').map(Number);
        found.set(`${Math.round(x / 16)},${Math.round(y / 16)}`, mark.place);
      }
      if (found.size >= count || performance.now() > limit)
        return [...found.values()];
      await pause(0.1);
    }
  }

  /** What changes at `places` for so long: for each, `[{picture, counter, time}]`. */
  async watch(places, seconds) {
    const program = this.#watcher(['marks', String(seconds), ...places]);
    const { code } = await program.exited;
    if (code !== 0)
      throw new Error(`the screen could not be watched: ${program.report()}`);
    const changes = places.map(() => []);
    for (const line of program.lines) {
      const [tile, picture, counter, time] = line.split(' ').map(Number);
      changes[tile].push({ picture, counter, time });
    }
    return changes;
  }

  /** Starts to watch; the returned function waits for the first mark of `picture`. */
  expect(place, picture) {
    const program = this.#watcher(['marks', String(PATIENCE / 1000), place]);
    this.scene.atEnd(() => program.kill());
    return async () => {
      const [line] = await program.line(new RegExp(`^\\d+ ${picture} \\d+ [\\d.]+$`),
        { timeout: PATIENCE });
      await program.kill();
      return Number(line.split(' ')[3]);
    };
  }

  /** When there was more on the screen than `colours`. */
  async drawn(colours) {
    const program = this.#watcher(['drawn', String(PATIENCE / 1000), String(colours)]);
    const [line] = await program.line(/^[\d.]+$/, { timeout: PATIENCE });
    await program.exited;
    return Number(line);
  }

  async windowOf(program) {
    const { stdout } = await run('xdotool', ['search', '--sync', '--onlyvisible', '--limit', '1',
      '--pid', String(program.pid)], { timeout: PATIENCE,
      env: { ...process.env, ...this.env } });
    return stdout.trim().split('\n')[0];
  }

  tool(...args) {
    return run('xdotool', args, { env: { ...process.env, ...this.env }, timeout: PATIENCE });
  }

  /** Gives a window the whole screen, as there is no window manager to do it. */
  async fill(window, width = 1280, height = 720) {
    await this.tool('windowmove', window, '0', '0');
    await this.tool('windowsize', window, String(width), String(height));
  }
}
