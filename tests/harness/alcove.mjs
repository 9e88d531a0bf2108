// SPDX-License-Identifier: GPL-3.0-or-later
//
// Alcove's programs as the tests start them.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Program } from './program.mjs';

export const sourceDir = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const buildDir = process.env.ALCOVE_BUILD_DIR ?? join(sourceDir, '_build');

// Tone and picture of each participant, far enough apart to be told by ear and by eye.
export const CAST = [
  { name: 'Mei', picture: 1, tone: 330 },
  { name: 'Ada', picture: 2, tone: 550 },
  { name: 'Jonas', picture: 3, tone: 770 },
  { name: 'Noor', picture: 4, tone: 990 },
];

// A pitch measured over one second of decoded Opus.
const TONE_TOLERANCE_HZ = 25;

// What GLib prints of a warning, G_DEBUG or not. One is not ours: while the RTP session of
// GStreamer 1.22 goes through its sources it lets go of its lock, and says so when another source
// came meanwhile. Made fatal by G_DEBUG, it would end a program that goes on undisturbed.
const WARNING = /-(WARNING|CRITICAL|ERROR) \*\*: /;
const LIBRARY_RACE
  = /g_hash_table_foreach: assertion 'version == hash_table->version' failed/;

/** The lines of a program's errors that no program of ours may print. */
export function warnings(lines) {
  return lines.filter((line) => WARNING.test(line) && !LIBRARY_RACE.test(line));
}

/** A port that was free a moment ago, for what can't be asked to pick one itself. */
export function freePort() {
  return new Promise((done, failed) => {
    const server = createServer();
    server.on('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

/**
 * What one test starts. Everything is ended when the test is over, passed or
 * not, and only what it started itself.
 */
export class Stage {
  constructor(t) {
    this.programs = [];
    this.cleanups = [];
    this.dir = mkdtempSync(join(tmpdir(), 'alcove-stage-'));
    t.after(async () => {
      for (const cleanup of this.cleanups.reverse())
        await cleanup();
      await Promise.all(this.programs.map((program) => program.kill()));
      rmSync(this.dir, { recursive: true, force: true });
      for (const program of this.programs)
        assert.deepEqual(program.ours ? warnings(program.errors) : [], [],
          `${program.label} warned`);
    });
  }

  cleanup(callback) {
    this.cleanups.push(callback);
  }

  start(command, args, options) {
    const program = new Program(command, args, options);
    this.programs.push(program);
    return program;
  }

  /** One of our programs, out of the build folder. */
  own(name, args, { env, ...options } = {}) {
    const path = join(buildDir, 'src', name);
    assert.ok(existsSync(path), `${path} is not built`);
    const program = this.start(path, args, { label: name, ...options, env });
    program.ours = true;
    return program;
  }

  /** `alcove-server` on a free port of the loopback address, ready. */
  async server({ port = 0, args = [] } = {}) {
    const program = this.own('alcove-server', ['--port', String(port), ...args]);
    const [line] = await program.line(/^listening on .*$/);
    const listening = /:(\d+)\/?\D*$/.exec(line);
    assert.ok(listening, `no port in "${line}"`);
    program.port = Number(listening[1]);
    program.url = `ws://127.0.0.1:${program.port}/`;
    return program;
  }

  /** A participant without a window: `who` is one of CAST, or like it. */
  headless(who, url, { room = 'atrium', args = [], ...options } = {}) {
    return this.own('alcove-headless', [
      '--protocol', 'skyrtc', '--server', url, '--room', room, '--name', who.name,
      '--video', who.video ?? `test:${who.picture}`,
      '--audio', who.audio ?? `test:${who.tone}`,
      ...args,
    ], { label: `headless ${who.name}`, ...options });
  }
}

/** Waits until `program` is in the room, and returns its own id there. */
export async function joined(program) {
  const event = await program.event('joined');
  assert.equal(typeof event.self, 'string', 'joined has self');
  return event.self;
}

/** Frame counters climb over at least two statistics of `peer`, from `since` on. */
export async function flows(program, peer, since = program.mark) {
  const first = await program.event('stats',
    (event) => event.peer === peer && event.frames_decoded > 0, { since });
  return program.event('stats',
    (event) => event.peer === peer && event.frames_decoded > first.frames_decoded, { since });
}

/**
 * `program` sees and hears `who` as `peer`: the right picture, moving, and the right tone.
 */
export async function perceives(program, peer, who, since = 0) {
  const seen = (event) => event.peer === peer && event.picture === who.picture
    && Number.isInteger(event.picture_counter);
  const first = await program.event('stats', seen, { since });
  await program.event('stats',
    (event) => seen(event) && event.picture_counter !== first.picture_counter
      && event.frames_decoded > first.frames_decoded, { since });
  await program.event('stats',
    (event) => event.peer === peer && Math.abs(event.tone_hz - who.tone) <= TONE_TOLERANCE_HZ,
    { since });
  // Null is no picture yet, and no wrong one.
  const wrong = program.events.slice(since).find((event) => event.event === 'stats'
    && event.peer === peer && Number.isInteger(event.picture)
    && event.picture !== who.picture);
  assert.equal(wrong, undefined, `${program.label} saw another picture from ${who.name}`);
}

/** Asks to leave and checks the clean end. */
export async function leaves(program) {
  program.command({ command: 'leave' });
  await program.event('left');
  assert.deepEqual(await program.end(), { code: 0, signal: null });
}
