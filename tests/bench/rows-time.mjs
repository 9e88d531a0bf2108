// SPDX-License-Identifier: GPL-3.0-or-later
//
// How long things take: to the first picture, from camera to screen, from mouth to ear, to the
// window.

import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { delays, figure, median, onsets, percentile, sinceStamp } from './figures.mjs';
import { CHROMIUM, Scene, buildDir, chromiumArguments, fromMonotonic, pause, stamp,
  wallClock } from './sides.mjs';

const CLOCK_PICTURE = 15;
const FAR_PICTURE = 1;
const SETTLED_SECONDS = 1;

// More than a bare window has; a lobby with its letters has many more.
const COLOURS = 8;

async function inScene(options, what) {
  const scene = new Scene(options.content);
  try {
    return await what(scene);
  } finally {
    await scene.end();
  }
}

/**
 * Rounds of both sides by turns. What fails is told and left out, so that one failure does not take
 * the other readings with it: `{alcove, chromium, failures}`, the last in words, undefined without.
 */
export async function turns(options, label, rounds, once) {
  const found = { alcove: [], chromium: [] };
  const failed = { alcove: 0, chromium: 0 };
  for (let round = 0; round < rounds; round++) {
    for (const side of round % 2 === 0 ? ['alcove', 'chromium'] : ['chromium', 'alcove']) {
      try {
        const value = await once(side, round);
        if (value !== null)
          found[side].push(value);
        options.say(`${label}, ${side}: ${JSON.stringify(value)}`);
      } catch (error) {
        failed[side]++;
        options.say(`${label}, ${side}: ${error.message.split('\n')[0]}`);
        if (failed[side] === rounds)
          throw error;
      }
    }
  }
  const failures = Object.keys(failed).filter((side) => failed[side] > 0)
    .map((side) => `${failed[side]} of ${rounds} readings of ${side} failed`).join(', ');
  return { ...found, failures: failures === '' ? undefined : failures };
}

// Where the time of a join goes: on our side by the lines of ALCOVE_DEBUG=timing, on Chromium's by
// what the page sees.
const STEPS = [
  ['the server', /timing: peer .*: state 1$/, 'joined'],
  ['offer and answer', /timing: peer .*: state 3$/, 'described'],
  ['ICE and DTLS', /timing: .*: connected after/, 'connected'],
  ['their next picture, and to decode it', /timing: .*: first frame after/, 'decoded'],
  ['to draw it'],
];

/** The moments of a join of ours. */
function ourTimes(lines, joining) {
  return STEPS.slice(0, -1).map(([, pattern]) => {
    const line = lines.find((text) => pattern.test(text) && Number(text.split(' ')[0]) >= joining);
    return line === undefined ? undefined : Number(line.split(' ')[0]);
  });
}

/** How long each step took, in milliseconds; null if one is missing. */
export function steps(begin, times, shown) {
  const all = [begin, ...times, shown];
  return all.some((time) => !Number.isFinite(time)) ? null
    : all.slice(1).map((time, i) => time - all[i]);
}

/** What the steps of both sides took, in words; undefined where there is nothing to tell. */
export function stepsNote(parts) {
  const of = (side, i) => figure(median(parts[side].map((one) => one[i])));
  return parts.alcove.length + parts.chromium.length === 0 ? undefined
    : STEPS.map(([name], i) => `${name} ${of('alcove', i)} and ${of('chromium', i)}`).join(', ');
}

/**
 * From the press of the button in a lobby where the camera runs to the far end's picture on the
 * screen. Where it will appear is learnt by a join that does not count.
 */
export async function joinRow(options) {
  const places = {};
  const parts = { alcove: [], chromium: [] };
  const once = (side) => inScene(options, async (scene) => {
    await scene.server();
    await scene.farEnds(1);
    const screen = await scene.screen();
    let press, times;
    if (side === 'alcove') {
      let joining;
      const program = scene.window(screen, ['--server', scene.serverUrl, '--name', 'Lin',
        '--video', `file:${options.content.camera}`, '--audio', `file:${options.content.voice}`,
        '--playout', 'none']);
      const window = await screen.windowOf(program);
      await screen.fill(window);
      await stamp(program, /warmed up/);
      await screen.tool('windowfocus', '--sync', window);
      press = async () => {
        await screen.tool('key', 'ctrl+Return');
        joining = await stamp(program, /timing: joining/);
        return fromMonotonic(joining);
      };
      times = () => ourTimes(program.errors, joining).map(fromMonotonic);
    } else {
      const page = await scene.chromium({ screen,
        media: { camera: 'device', microphone: true } });
      press = () => page.join();
      times = async () => {
        const found = await page.times();
        return STEPS.slice(0, -1).map(([, , name]) => found[name]);
      };
    }
    // Nobody is so quick: what a side does at its start is no part of a join.
    await pause(SETTLED_SECONDS);
    if (places[side] === undefined) {
      await press();
      [places[side]] = await screen.untilPlaces(FAR_PICTURE, 1);
      if (places[side] === undefined)
        throw new Error(`${side} shows no far end`);
      return null;
    }
    const shown = screen.expect(places[side], FAR_PICTURE);
    const pressed = await press();
    const end = await shown();
    const found = steps(pressed, await times(), end);
    if (found !== null)
      parts[side].push(found);
    return end - pressed;
  });
  const { alcove, chromium, failures } = await turns(options, 'join', options.rounds + 1, once);
  return { measure: 'join → first remote frame on the screen', alcove: median(alcove),
    chromium: median(chromium), unit: 'ms', ratioLimit: 0.7,
    note: [stepsNote(parts), failures].filter(Boolean).join('; '),
    readings: { alcove, chromium, parts } };
}

/**
 * From the moment when a picture leaves the camera until it is on the screen of the other side.
 * Each side calls itself, so that its own encoder and its own decoder are in it.
 */
export async function delayRow(options) {
  const once = (side) => inScene(options, async (scene) => {
    const { content } = options;
    await scene.server();
    const screen = await scene.screen();
    if (side === 'alcove') {
      const program = scene.window(screen, ['--protocol', 'skyrtc', '--server', scene.serverUrl,
        '--room', 'alcove', '--name', 'Lin', '--video', `file:${content.camera}`,
        '--audio', `file:${content.voice}`, '--playout', 'none']);
      await screen.fill(await screen.windowOf(program));
      await stamp(program, /timing: joining/);
      scene.headless('Mei', { video: `clock:${content.camera}`, audio: `file:${content.voice}` });
    } else {
      const page = await scene.chromium({ screen,
        media: { camera: 'device', microphone: true } });
      await page.join();
      const other = await scene.chromium({ media: { camera: 'stamped', microphone: true } });
      await other.join();
      await page.live(1);
    }
    const [place] = await screen.untilPlaces(CLOCK_PICTURE, 1);
    if (place === undefined)
      throw new Error(`${side} does not show the clock`);
    await pause(options.warmUp);
    const [changes] = await screen.watch([place], options.seconds);
    const found = changes.slice(1).filter(({ picture }) => picture === CLOCK_PICTURE)
      .map(({ counter, time }) => sinceStamp(time, counter));
    return { median: median(found), late: percentile(found, 0.95),
      fps: found.length / options.seconds };
  });
  const { alcove, chromium, failures } = await turns(options, 'picture delay', options.rounds, once);
  const of = (list, name) => median(list.map((one) => one[name]));
  return [['median', 'median'], ['late', '95 %']].map(([name, words]) => ({
    measure: `picture delay, camera to screen, ${words}`,
    alcove: of(alcove, name), chromium: of(chromium, name), unit: 'ms', ratioLimit: 1,
    note: failures, readings: { alcove, chromium } }));
}

// Bursts at uneven distances: none is taken for another's echo.
const BURSTS = 24;
const BURST_SECONDS = 0.1;
const BURST_HZ = 1000;
const RATE = 48000;
const LIMIT_MS = 580;

function bursts() {
  let at = 0.5;
  const starts = Array.from({ length: BURSTS }, (_, i) => {
    at += 0.6 + i * 7 % 5 * 0.023;
    return at;
  });
  const samples = new Int16Array(Math.round((at + 1) * RATE));
  for (const start of starts) {
    for (let i = 0; i < BURST_SECONDS * RATE; i++)
      samples[Math.round(start * RATE) + i]
        = 12000 * Math.sin(2 * Math.PI * BURST_HZ * i / RATE);
  }
  return samples;
}

/** Records a monitor; the pieces come in time, and the one that came soonest dates them all. */
function record(scene, device, env) {
  const child = spawn('parec', ['-d', device, '--raw', '--format=s16le', `--rate=${RATE}`,
    '--channels=1', '--latency-msec=10'], { env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'] });
  scene.atEnd(() => child.kill());
  const chunks = [];
  let bytes = 0;
  let begin = Infinity;
  child.stdout.on('data', (chunk) => {
    chunks.push(chunk);
    bytes += chunk.length;
    begin = Math.min(begin, wallClock() - bytes / 2 / RATE * 1000);
  });
  return () => {
    child.kill();
    const all = Buffer.concat(chunks);
    const samples = new Int16Array(all.buffer, all.byteOffset, all.length >> 1);
    return onsets(samples, RATE).map((index) => begin + index / RATE * 1000);
  };
}

/** From the sound in front of the microphone to the same in front of the loudspeaker. */
export async function soundRow(options) {
  const once = (side) => inScene(options, async (scene) => {
    const { content } = options;
    const env = await scene.sound();
    await scene.server();
    if (side === 'alcove') {
      const listener = scene.window(await scene.screen(), ['--protocol', 'skyrtc', '--server',
        scene.serverUrl, '--room', 'alcove', '--name', 'Lin', '--video', 'none', '--audio', 'none',
        '--playout', 'auto'], env);
      await stamp(listener, /timing: joining/);
      const speaker = scene.headless('Mei', { video: `file:${content.camera}`, audio: 'mic', env });
      await speaker.event('connected', {}, { timeout: 60_000 });
    } else {
      const listener = await scene.chromium({ screen: await scene.screen(), devices: false, env });
      await listener.join();
      const speaker = await scene.chromium({ devices: false, env,
        media: { camera: 'drawn', microphone: true } });
      await speaker.join();
      await listener.live(1);
    }
    await pause(options.warmUp);
    const said = record(scene, 'mouth.monitor', env);
    const heard = record(scene, 'ear.monitor', env);
    const samples = bursts();
    const player = spawn('pacat', ['-d', 'mouth', '--raw', '--format=s16le', `--rate=${RATE}`,
      '--channels=1'], { env: { ...process.env, ...env }, stdio: ['pipe', 'ignore', 'inherit'] });
    scene.atEnd(() => player.kill());
    player.stdin.end(Buffer.from(samples.buffer));
    await pause(samples.length / RATE + 1);
    const found = delays(said(), heard(), LIMIT_MS);
    return found.length < BURSTS / 2 ? null
      : { median: median(found), late: percentile(found, 0.95), bursts: found.length };
  });
  const { alcove, chromium, failures } = await turns(options, 'sound delay', options.rounds, once);
  if (alcove.length === 0 || chromium.length === 0)
    return { measure: 'sound delay, microphone to loudspeaker',
      why: `nothing was heard of ${alcove.length === 0 ? 'Alcove' : 'Chromium'}` };
  return { measure: 'sound delay, microphone to loudspeaker, median',
    alcove: median(alcove.map((one) => one.median)),
    chromium: median(chromium.map((one) => one.median)), unit: 'ms', ratioLimit: 1,
    note: failures, readings: { alcove, chromium } };
}

/** From the start of the process until its first window is drawn. The first time does not count. */
export async function startRow(options) {
  const once = (side, round) => inScene(options, async (scene) => {
    const screen = await scene.screen();
    const env = { ...process.env, ...screen.env };
    const drawn = screen.drawn(COLOURS);
    await pause(0.2);
    const begin = wallClock();
    let child;
    if (side === 'alcove') {
      child = spawn(join(buildDir, 'src/alcove'), ['--video', 'none', '--audio', 'none'],
        { env, stdio: 'ignore' });
    } else {
      // As warm as the other: a profile that was used before.
      const profile = join(process.env.XDG_CACHE_HOME ?? scene.dir, 'bench-profile');
      mkdirSync(profile, { recursive: true });
      const page = join(scene.dir, 'lobby.html');
      writeFileSync(page, '<body style="background:linear-gradient(red,blue)"><h1>Room</h1>');
      child = spawn(CHROMIUM, [...chromiumArguments({ screen, gpu: false, devices: false,
        url: `file://${page}`, content: options.content, mute: true }),
      `--user-data-dir=${profile}`], { env, stdio: 'ignore', detached: true });
    }
    const ended = new Promise((done) => {
      child.once('exit', done);
    });
    const time = await drawn - begin;
    if (side === 'alcove')
      child.kill('SIGKILL');
    else
      process.kill(-child.pid, 'SIGTERM');
    await ended;
    return round === 0 ? null : time;
  });
  const { alcove, chromium, failures } = await turns(options, 'start', options.rounds + 1, once);
  return { measure: 'window start → lobby drawn, warm, no camera', alcove: median(alcove),
    chromium: median(chromium), unit: 'ms', atMost: 400, note: failures,
    readings: { alcove, chromium } };
}

