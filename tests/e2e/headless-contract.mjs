// SPDX-License-Identifier: GPL-3.0-or-later
//
// What scripts rely on in alcove-headless and alcove-server: options, exit
// status, events and their members, commands, recordings.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename, dirname, join } from 'node:path';
import test from 'node:test';
import { promisify } from 'node:util';

import { readMark } from '../browser/test-mark.js';
import { CAST, Stage, flows, freePort, joined, leaves } from '../harness/alcove.mjs';

const run = promisify(execFile);
const [mei, ada] = CAST;

const KNOWN_EVENTS = new Set(['joined', 'peer-joined', 'connected', 'first-frame', 'stale',
  'repaired', 'moved', 'peer-left', 'chat', 'file', 'recording', 'stats', 'signalling', 'error',
  'left']);

function checkLines(program) {
  assert.equal(program.events.length, program.lines.length, 'every line is a JSON object');
  let last = 0;
  for (const event of program.events) {
    assert.ok(KNOWN_EVENTS.has(event.event), `"${event.event}" is in the contract`);
    assert.equal(typeof event.t, 'number');
    assert.ok(event.t >= last, 'time does not run backwards');
    last = event.t;
  }
}

for (const [what, args] of [
  ['an unknown option', ['--no-such-option']],
  ['no server', ['--room', 'a', '--name', 'b']],
  ['no room', ['--server', 'ws://127.0.0.1:1/', '--name', 'b']],
  ['no name', ['--server', 'ws://127.0.0.1:1/', '--room', 'a']],
  ['an unknown protocol', ['--protocol', 'morse', '--server', 'ws://127.0.0.1:1/',
    '--room', 'a', '--name', 'b']],
  ['a size without sense', ['--server', 'ws://127.0.0.1:1/', '--room', 'a', '--name', 'b',
    '--size', 'huge']],
  ['a frame rate of nought', ['--server', 'ws://127.0.0.1:1/', '--room', 'a', '--name', 'b',
    '--fps', '0']],
  ['a stray word', ['--server', 'ws://127.0.0.1:1/', '--room', 'a', '--name', 'b', 'stray']],
]) {
  test(`wrong usage: ${what}`, async (t) => {
    const program = new Stage(t).own('alcove-headless', args);
    assert.deepEqual(await program.end(), { code: 2, signal: null });
    assert.deepEqual(program.lines, [], 'standard output is for events');
    assert.ok(program.errors.length > 0, 'it says why');
  });
}

test('wrong usage: a folder for recordings that is none', async (t) => {
  const stage = new Stage(t);
  const server = await stage.server();
  const file = join(stage.dir, 'file');
  writeFileSync(file, 'mine');
  for (const folder of [file, join(file, 'below'), join(stage.dir, 'typo', 'below'), '/proc', '']) {
    const program = stage.headless(mei, server.url, { args: ['--record', folder] });
    assert.deepEqual(await program.end(), { code: 2, signal: null });
    assert.deepEqual(program.lines, [], 'nothing was joined');
    assert.equal(program.errors.length, 1, program.report());
    assert.match(program.errors[0], /recordings/iu);
    assert.ok(program.errors[0].includes(`“${folder}”`), program.errors[0]);
  }
  assert.deepEqual(readdirSync(stage.dir), ['file'], 'nothing was made');
});

test('wrong usage: a picture source that is none', async (t) => {
  const program = new Stage(t).own('alcove-headless', ['--server', 'ws://127.0.0.1:1/',
    '--room', 'a', '--name', 'b', '--video', 'mirror']);
  assert.deepEqual(await program.end(), { code: 2, signal: null });
  for (const source of ['none', 'test', 'camera', 'file:', 'screen'])
    assert.match(program.errors.join('\n'), new RegExp(`\\b${source}`, 'u'));
});

test('every command is in the help', async (t) => {
  const program = new Stage(t).own('alcove-headless', ['--help']);
  assert.deepEqual(await program.end(), { code: 0, signal: null });
  const listed = program.lines.map((line) => /^ +\{"command":"([a-z-]+)"/u.exec(line)?.[1]);
  const source = ['headless-commands.c', 'headless-files.c', 'headless-recordings.c'].map((name) =>
    readFileSync(new URL(`../../src/${name}`, import.meta.url), 'utf8')).join('');
  const compared = [...source.matchAll(/g_str_equal \(command, "([a-z-]+)"\)/gu)];
  assert.ok(compared.length > 10);
  for (const [, command] of compared)
    assert.ok(listed.includes(command), `"${command}" is listed`);
});

test('nobody listens there', async (t) => {
  const stage = new Stage(t);
  const program = stage.headless(mei, `ws://127.0.0.1:${await freePort()}/`);
  assert.deepEqual(await program.end(), { code: 1, signal: null });
  const error = await program.event('error', {}, { mayEnd: true });
  assert.equal(error.code, 'refused');
  assert.ok(error.message.length > 0);
  checkLines(program);
});

test('something else listens there', async (t) => {
  const stage = new Stage(t);
  const other = createServer((socket) => {
    socket.on('error', () => {});
    // Unread, it would never be seen to end.
    socket.resume();
    socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi');
  });
  await new Promise((ready) => other.listen(0, '127.0.0.1', ready));
  stage.cleanup(() => new Promise((closed) => other.close(closed)));
  const program = stage.headless(mei, `ws://127.0.0.1:${other.address().port}/`);
  assert.deepEqual(await program.end(), { code: 1, signal: null });
  assert.equal((await program.event('error', {}, { mayEnd: true })).code, 'not-websocket');
});

test('events, statistics and commands', async (t) => {
  const stage = new Stage(t);
  const server = await stage.server();
  const first = stage.headless(mei, server.url, { args: ['--size', '320x180', '--fps', '15'] });
  const firstId = await joined(first);
  const second = stage.headless(ada, server.url);
  const secondId = await joined(second);
  await first.event('peer-joined', { peer: secondId });
  const frame = await second.event('first-frame', { peer: firstId });
  assert.deepEqual([frame.width, frame.height], [320, 180]);

  const stats = await second.event('stats',
    ({ peer, fps_in: fps, rtt_ms: rtt, loss, buffer_ms: buffer, estimate_kbps: estimate }) =>
      peer === firstId && fps > 5 && rtt !== null && loss !== null && buffer !== null
      && estimate !== null);
  for (const member of ['fps_in', 'fps_out', 'width', 'height', 'kbps_in', 'kbps_out', 'rtt_ms',
    'loss', 'loss_in', 'jitter_ms', 'buffer_ms', 'frame_age_ms', 'frames_decoded',
    'estimate_kbps', 'target_kbps', 'load_step', 'draw_step', 'sound_ms', 'sound_guessed_ms',
    'sound_missed_ms'])
    assert.equal(typeof stats[member], 'number', `stats has ${member}`);
  // The path and the load of this machine choose among the sizes that are encoded.
  assert.ok(['320×180', '160×90'].includes(`${stats.width}×${stats.height}`), 'one of their sizes');
  assert.ok(['640×360', '320×180', '160×90'].includes(stats.rung), 'one of our sizes');
  assert.ok(stats.fps_in < 22, `about 15 frames a second were asked for, not ${stats.fps_in}`);
  assert.ok(stats.kbps_in > 0 && stats.kbps_out > 0);
  assert.ok(stats.frame_age_ms >= 0 && stats.frame_age_ms < 3000);
  assert.deepEqual([stats.codec_in, stats.codec_out], ['VP8', 'VP8']);
  assert.match(stats.local_candidate, /^(host|prflx)$/u);
  assert.match(stats.remote_candidate, /^(host|prflx)$/u);
  assert.equal(stats.relayed, false);

  // Nonsense on standard input is an error event, and nothing more.
  const since = first.mark;
  first.child.stdin.write('not json\n');
  await first.event('error', { code: 'malformed' }, { since });
  first.command({ command: 'dance' });
  first.command({ no: 'command' });
  first.child.stdin.write(`${JSON.stringify(['leave'])}\n`);
  await first.until('four errors',
    () => first.events.filter(({ event }) => event === 'error').length >= 4);
  await flows(first, secondId);

  await leaves(first);
  await second.event('peer-left', { peer: firstId });
  await leaves(second);
  checkLines(first);
  checkLines(second);
});

test('a command without end', async (t) => {
  const stage = new Stage(t);
  const server = await stage.server();
  const program = stage.headless({ ...mei, video: 'none', audio: 'none' }, server.url);
  await joined(program);
  const errors = (code) => program.events.filter((event) => event.event === 'error'
    && event.code === code).length;
  const longest = `{"command":"${'x'.repeat(30)}"${' '.repeat(64 * 1024 - 45)}}`;
  assert.equal(longest.length, 64 * 1024 - 1);

  // It is answered while it goes on, once; what follows it is a command again.
  program.child.stdin.write('a'.repeat(1024 * 1024));
  await program.event('error', { code: 'too-large' });
  program.child.stdin.write('a'.repeat(1024 * 1024));
  program.child.stdin.write(`\n${longest} \n${longest}  \n`);
  program.command({ command: 'dance' });
  await program.until('the command after it', () => errors('malformed') >= 2);
  assert.equal(errors('too-large'), 2);
  assert.equal(errors('malformed'), 2);

  // And one without an end of line is one as well.
  program.child.stdin.end('{"command":"leave"}');
  assert.deepEqual(await program.end(), { code: 0, signal: null });
});

test('a duration, and the signals that end it', async (t) => {
  const stage = new Stage(t);
  const server = await stage.server();
  const timed = stage.headless(mei, server.url, { args: ['--duration', '1'] });
  const ended = stage.headless(ada, server.url);
  assert.deepEqual(await timed.end(), { code: 0, signal: null });
  await timed.event('left', {}, { mayEnd: true });
  await joined(ended);
  ended.signal('SIGTERM');
  assert.deepEqual(await ended.end(), { code: 0, signal: null });
  await ended.event('left', {}, { mayEnd: true });
});

test('the end of standard input is no command', async (t) => {
  const stage = new Stage(t);
  const server = await stage.server();
  const program = stage.headless(mei, server.url);
  program.child.stdin.end();
  await joined(program);
  const other = stage.headless(ada, server.url);
  const otherId = await joined(other);
  await program.event('first-frame', { peer: otherId });
  assert.equal(program.exitStatus, null);
});

test('one that does not receive', async (t) => {
  const stage = new Stage(t);
  const server = await stage.server();
  const post = stage.headless(mei, server.url, { args: ['--no-receive'] });
  const postId = await joined(post);
  const viewer = stage.headless(ada, server.url);
  const viewerId = await joined(viewer);
  await viewer.event('first-frame', { peer: postId });
  await flows(viewer, postId);
  await post.event('connected', { peer: viewerId });
  await flows(viewer, postId);
  assert.ok(!post.has('first-frame'), 'nothing was decoded');
  assert.ok(!post.has('stale'), 'and none is missed');
});

test('no picture and no sound to send', async (t) => {
  const stage = new Stage(t);
  const server = await stage.server();
  const quiet = stage.headless({ name: 'Quiet', video: 'none', audio: 'none' }, server.url);
  const quietId = await joined(quiet);
  const other = stage.headless(ada, server.url);
  const otherId = await joined(other);
  await quiet.event('first-frame', { peer: otherId });
  await other.event('connected', { peer: quietId });
  const stats = await other.event('stats', { peer: quietId, camera_off: true, muted: true });
  assert.equal(stats.tone_hz, null);

  // There is nothing to turn on, and nobody is told that there were. The chat that follows goes
  // the same way as such news would, behind it.
  quiet.command({ command: 'unmute' });
  await quiet.event('error', { code: 'no-microphone' });
  quiet.command({ command: 'chat', text: 'still quiet' });
  await other.event('chat', { text: 'still quiet' });
  await other.event('stats', ({ peer }) => peer === quietId, { since: other.mark });
  assert.ok(other.events.filter(({ event, peer }) => event === 'stats' && peer === quietId)
    .at(-1).muted, 'it is still told as muted');
});

test('a file is the camera, and everybody is recorded', async (t) => {
  const stage = new Stage(t);
  const server = await stage.server();
  const recordings = join(stage.dir, 'recordings');
  const clip = join(stage.dir, 'clip.webm');
  await run('gst-launch-1.0', ['-q', 'videotestsrc', 'num-buffers=60', 'pattern=ball', '!',
    'video/x-raw,width=320,height=240,framerate=30/1', '!', 'vp8enc', 'deadline=1', '!',
    'webmmux', 'name=mux', '!', 'filesink', `location=${clip}`, 'audiotestsrc',
    'num-buffers=90', 'freq=440', '!', 'audio/x-raw,rate=48000', '!', 'opusenc', '!', 'mux.']);

  const player = stage.headless({ name: 'Player', video: `file:${clip}`, audio: `file:${clip}` },
    server.url);
  const playerId = await joined(player);
  const recorder = stage.headless(ada, server.url, { args: ['--record', recordings] });
  await joined(recorder);
  await recorder.event('first-frame', { peer: playerId });
  const started = await recorder.event('recording', { peer: playerId, state: 'started' });
  assert.deepEqual(started.files.map(dirname), [recordings]);
  await player.event('stats', ({ recording }) => recording);
  // Longer than the file: it starts over.
  await recorder.event('stats', ({ peer, frames_decoded: frames }) => peer === playerId
    && frames > 90);
  // One at a time: another file would end the one there is.
  recorder.command({ command: 'record', peer: playerId, path: join(stage.dir, 'twice.mkv') });
  await recorder.event('error', ({ code, peer, message }) => code === 'failed'
    && peer === playerId && message.includes('already'));
  await leaves(recorder);

  // All that there is to tell is told before the last event.
  const ended = await recorder.event('recording', { peer: playerId, state: 'ended' },
    { mayEnd: true });
  assert.equal(recorder.events.at(-1).event, 'left');
  const files = readdirSync(recordings);
  assert.ok(files.length >= 1, 'there is a recording');
  assert.deepEqual(ended.files.map((file) => basename(file)).sort(), files.sort());
  checkLines(recorder);
  for (const file of files) {
    const { stdout } = await run('gst-discoverer-1.0', [join(recordings, file)]);
    assert.match(stdout, /video/i, `${file} has a picture`);
    assert.match(stdout, /audio/i, `${file} has sound`);
    const [, hours, minutes, seconds] = /Duration: (\d+):(\d+):([\d.]+)/.exec(stdout) ?? [];
    assert.ok(Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) > 1,
      `${file} lasts: ${stdout}`);
    await run('gst-launch-1.0', ['-q', 'filesrc', `location=${join(recordings, file)}`, '!',
      'matroskademux', '!', 'vp8dec', '!', 'fakesink']);
  }
});

test('the events of a recording', async (t) => {
  const stage = new Stage(t);
  const server = await stage.server();
  const file = join(stage.dir, 'mei.mkv');
  const sender = stage.headless(mei, server.url, { args: ['--size', '320x180'] });
  const senderId = await joined(sender);
  const recorder = stage.headless(ada, server.url);
  const recorderId = await joined(recorder);
  await recorder.event('first-frame', { peer: senderId });
  const record = (path) => recorder.command({ command: 'record', peer: senderId, path });
  const recording = (state, since) =>
    recorder.event('recording', { peer: senderId, state }, { since });

  record(file);
  assert.deepEqual((await recording('started')).files, [file]);
  await sender.event('stats', ({ peer, recording: told }) => peer === recorderId && told);
  await flows(recorder, senderId);
  recorder.command({ command: 'stop-recording', peer: senderId });
  assert.deepEqual((await recording('ended')).files, [file]);
  assert.ok(existsSync(file));

  // One that can't begin has no end either.
  let since = recorder.mark;
  record(file);
  await recorder.event('error', { code: 'file', peer: senderId }, { since });
  record(join(stage.dir, 'again.mkv'));
  await recording('started', since);
  assert.deepEqual(recorder.events.slice(since).filter(({ event }) => event === 'recording')
    .map(({ state }) => state), ['started']);

  // It ends with them.
  since = recorder.mark;
  await flows(recorder, senderId);
  await leaves(sender);
  assert.deepEqual((await recording('ended', since)).files, [join(stage.dir, 'again.mkv')]);
  await leaves(recorder);
  checkLines(recorder);
});

// What an independent program reads of a file: each picture's mark, and the pitch of its sound.
async function readRecording(file, width, height) {
  const options = { encoding: 'buffer', maxBuffer: 1 << 30 };
  const decode = async (...args) =>
    (await run('ffmpeg', ['-v', 'error', '-nostdin', '-i', file, ...args, '-'], options)).stdout;
  const pixels = await decode('-map', '0:v', '-pix_fmt', 'rgba', '-f', 'rawvideo', '-fps_mode',
    'passthrough');
  const sound = await decode('-map', '0:a', '-ac', '1', '-ar', '48000', '-f', 's16le');
  const size = width * height * 4;
  const marks = [];
  for (let at = 0; at + size <= pixels.length; at += size)
    marks.push(readMark({ data: pixels.subarray(at, at + size), width, height }));
  let rises = 0;
  for (let at = 2; at + 2 <= sound.length; at += 2)
    if (sound.readInt16LE(at - 2) < 0 && sound.readInt16LE(at) >= 0)
      rises++;
  return { marks, seconds: sound.length / 96000, hertz: rises * 96000 / sound.length };
}

test('a recording is told, and what is cut off by a crash can be played', async (t) => {
  const stage = new Stage(t);
  const server = await stage.server();
  const file = join(stage.dir, 'new', 'mei.mkv');
  const sender = stage.headless(mei, server.url, { args: ['--size', '320x180'] });
  const senderId = await joined(sender);
  const recorder = stage.headless(ada, server.url);
  const recorderId = await joined(recorder);
  await recorder.event('first-frame', { peer: senderId });
  recorder.command({ command: 'record', peer: 'nobody', path: file });
  await recorder.event('error', ({ code, message }) => code === 'failed'
    && message.includes('nobody'));
  recorder.command({ command: 'record', peer: senderId, path: '/proc/nowhere.mkv' });
  await recorder.event('error', ({ code, message }) => code === 'file'
    && message.includes('/proc/nowhere.mkv'));
  recorder.command({ command: 'record', peer: senderId,
    path: join(stage.dir, 'typo', 'folder', 'mei.mkv') });
  await recorder.event('error', ({ code, message }) => code === 'file'
    && message.includes(`“${join(stage.dir, 'typo')}”`));
  assert.ok(!existsSync(join(stage.dir, 'typo')));

  recorder.command({ command: 'record', peer: senderId, path: file });
  await sender.event('stats', ({ peer, recording }) => peer === recorderId && recording);
  const { frames_decoded: before } = await recorder.event('stats',
    ({ peer }) => peer === senderId, { since: recorder.mark });
  await recorder.event('stats', ({ peer, frames_decoded: frames }) => peer === senderId
    && frames > before + 60, { since: recorder.mark });
  await recorder.kill();

  const { marks, seconds, hertz } = await readRecording(file, 320, 180);
  assert.ok(marks.length >= 45, `${marks.length} pictures`);
  assert.ok(marks.every((mark) => mark?.picture === mei.picture), 'all of them are theirs');
  assert.ok(marks.every(({ counter }, i) => i === 0 || counter > marks[i - 1].counter),
    'one after the other');
  assert.ok(seconds > 1, `${seconds} s of sound`);
  assert.ok(Math.abs(hertz - mei.tone) < 25, `${hertz} Hz`);
});

test('a file that is no video', async (t) => {
  const stage = new Stage(t);
  const server = await stage.server();
  const program = stage.headless({ name: 'Player', video: 'file:/dev/null', audio: 'none' },
    server.url);
  await program.event('error', { code: 'file' });
  await joined(program);
  assert.equal(program.exitStatus, null, 'the room goes on without it');
});

test('alcove-server: usage and a port that is taken', async (t) => {
  const stage = new Stage(t);
  const server = await stage.server();
  const second = stage.own('alcove-server', ['--port', String(server.port)]);
  const status = await second.end();
  assert.equal(status.code, 1);
  assert.ok(second.errors.length > 0, 'it says why');
  const wrong = stage.own('alcove-server', ['--port', '70000']);
  assert.equal((await wrong.end()).code, 2);
  server.signal('SIGTERM');
  assert.deepEqual(await server.end(), { code: 0, signal: null });
});

test('a window for a name that is not ASCII, without a locale', async (t) => {
  const program = new Stage(t).own('alcove', ['--name', '小明 🎉', '--version'],
    { env: { LANG: 'C', LC_ALL: 'C' } });
  assert.deepEqual(await program.end(), { code: 0, signal: null }, program.report());
});

test('a name that is not ASCII, without a locale', async (t) => {
  const stage = new Stage(t);
  const server = await stage.server();
  const program = stage.headless({ ...mei, name: '小明 🎉' }, server.url,
    { env: { LANG: 'C', LC_ALL: 'C' } });
  await joined(program);
  program.command({ command: 'leave' });
  assert.deepEqual(await program.end(), { code: 0, signal: null });
});
