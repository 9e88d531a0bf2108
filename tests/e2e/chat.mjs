// SPDX-License-Identifier: GPL-3.0-or-later
//
// What goes over the data channels: chat, and files with all that may become of them.
// Whatever does not arrive whole leaves nothing behind.

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { CAST, Stage, joined, leaves } from '../harness/alcove.mjs';

const [mei, ada] = CAST;
const NAME = 'Plan <b>A<b> 调度.bin';
const SIZE = 5_000_000;
const LIMIT = 100 * 1024 * 1024;
// Five megabytes at the pace that leaves the pictures alone.
const LONG = 90_000;

const digest = (path) => createHash('sha256').update(readFileSync(path)).digest('hex');

/** Two in a room whose channels are open: each knows the other's name by it. */
async function pair(t, { protocol = 'skyrtc' } = {}) {
  const stage = new Stage(t);
  const server = await stage.server();
  const options = protocol === 'skyrtc' ? {} : { args: ['--protocol', protocol] };
  const first = stage.headless(mei, server.url, options);
  const firstId = await joined(first);
  const second = stage.headless(ada, server.url, options);
  const secondId = await joined(second);
  for (const [program, peer, name] of [[first, secondId, ada.name], [second, firstId, mei.name]])
    await program.event('stats', (event) => event.peer === peer && event.name === name);
  const folder = join(stage.dir, 'saved');
  mkdirSync(folder);
  return { stage, first, firstId, second, secondId, folder };
}

function makeFile(stage, size = SIZE) {
  const path = join(stage.dir, NAME);
  writeFileSync(path, randomBytes(size));
  return path;
}

/** Offers a file and waits until the other is asked; returns both transfers' numbers. */
async function offered({ first, secondId, second, firstId }, path) {
  first.command({ command: 'send-file', path, peer: secondId });
  const [sent, asked] = await Promise.all([
    first.event('file', { peer: secondId, state: 'waiting' }),
    second.event('file', { peer: firstId, state: 'waiting', incoming: true }),
  ]);
  return { sent: sent.file, asked };
}

/** Offers, accepts and waits until some of it, and not all, is there. */
async function begun(room) {
  const { sent, asked } = await offered(room, makeFile(room.stage));
  const path = join(room.folder, 'plan.bin');
  room.second.command({ command: 'accept-file', file: asked.file, path });
  await room.second.event('file',
    ({ file, state, done }) => file === asked.file && state === 'running' && done > 0);
  assert.equal(readdirSync(room.folder).length, 1, 'it is being written');
  return { sent, received: asked.file };
}

for (const protocol of ['skyrtc', 'rtcmesh']) {
  test(`chat over ${protocol}`, async (t) => {
    const { first, firstId, second, secondId } = await pair(t, { protocol });
    const text = '<b>the pump</b> is on & 调度中心 👍';
    first.command({ command: 'chat', text });
    const heard = await second.event('chat', { peer: firstId });
    assert.equal(heard.text, text);
    assert.equal(heard.name, mei.name);
    second.command({ command: 'chat', text: 'good' });
    assert.equal((await first.event('chat', { peer: secondId })).text, 'good');

    // One after the other, as they were sent.
    for (let i = 0; i < 10; i++)
      first.command({ command: 'chat', text: `line ${i}` });
    await second.event('chat', { text: 'line 9' });
    assert.deepEqual(second.events.filter(({ event }) => event === 'chat').map((event) => event.text),
      [text, ...Array.from({ length: 10 }, (_, i) => `line ${i}`)]);
    await leaves(first);
    await leaves(second);
  });
}

test('more chat than anybody can read', async (t) => {
  const { first, firstId, second } = await pair(t);
  for (let i = 0; i < 100; i++)
    first.command({ command: 'chat', text: `line ${i}` });
  await second.event('error', { code: 'too-fast', peer: firstId });
  await leaves(first);
  await second.event('peer-left', { peer: firstId });
  const chat = second.events.filter(({ event }) => event === 'chat');
  assert.ok(chat.length >= 30 && chat.length < 100, `${chat.length} lines`);
  assert.equal(second.events.filter(({ code }) => code === 'too-fast').length, 1, 'told once');
});

test('a file', async (t) => {
  const room = await pair(t);
  const { first, second, folder } = room;
  const path = makeFile(room.stage);
  const { sent, asked } = await offered(room, path);
  assert.equal(asked.file_name, NAME);
  assert.equal(asked.size, SIZE);
  const target = join(folder, 'plan.bin');
  second.command({ command: 'accept-file', file: asked.file, path: target });
  await first.event('file', { file: sent, state: 'done' }, { timeout: LONG });
  const end = await second.event('file', { file: asked.file, state: 'done' }, { timeout: LONG });
  assert.equal(end.done, SIZE);
  assert.equal(digest(target), digest(path));
  assert.deepEqual(readdirSync(folder), ['plan.bin']);
  const steps = second.events.filter(({ event, file }) => event === 'file' && file === asked.file)
    .map(({ done }) => done);
  assert.ok(steps.length > 10, 'progress was told');
  assert.deepEqual(steps, [...steps].sort((a, b) => a - b));

  // The pictures went on meanwhile.
  assert.ok(!first.has('stale'));
  assert.ok(!second.has('stale'));
  await leaves(first);
  await leaves(second);
});

test('a file that nobody wants', async (t) => {
  const room = await pair(t);
  const { sent, asked } = await offered(room, makeFile(room.stage, 1000));
  room.second.command({ command: 'refuse-file', file: asked.file });
  await room.first.event('file', { file: sent, state: 'refused' });
  await room.second.event('file', { file: asked.file, state: 'refused' });
  assert.deepEqual(readdirSync(room.folder), []);
});

test('the receiver stops', async (t) => {
  const room = await begunRoom(t);
  room.second.command({ command: 'cancel-file', file: room.received });
  await room.second.event('file', { file: room.received, state: 'cancelled' });
  assert.deepEqual(readdirSync(room.folder), []);
  const end = await room.first.event('file', { file: room.sent, state: 'failed' });
  assert.equal(end.code, 'closed');
  assert.ok(end.message.length > 0);
});

test('the sender stops', async (t) => {
  const room = await begunRoom(t);
  room.first.command({ command: 'cancel-file', file: room.sent });
  await room.first.event('file', { file: room.sent, state: 'cancelled' });
  const end = await room.second.event('file', { file: room.received, state: 'failed' });
  assert.equal(end.code, 'closed');
  assert.deepEqual(readdirSync(room.folder), []);
});

test('the sender leaves in the middle', async (t) => {
  const room = await begunRoom(t);
  await leaves(room.first);
  await room.second.event('file', { file: room.received, state: 'failed' });
  assert.deepEqual(readdirSync(room.folder), []);
});

test('the sender is killed in the middle', async (t) => {
  const room = await begunRoom(t);
  await room.first.kill();
  const end = await room.second.event('file', { file: room.received, state: 'failed' });
  assert.equal(end.code, 'closed');
  assert.deepEqual(readdirSync(room.folder), []);
});

test('the receiver leaves in the middle', async (t) => {
  const room = await begunRoom(t);
  await leaves(room.second);
  assert.deepEqual(readdirSync(room.folder), []);
  await room.first.event('file', { file: room.sent, state: 'failed' });
});

test('a file over the limit', async (t) => {
  const room = await pair(t);
  const path = makeFile(room.stage, 1);
  truncateSync(path, LIMIT + 1);
  room.first.command({ command: 'send-file', path });
  const end = await room.first.event('file', { state: 'failed' });
  assert.equal(end.code, 'too-large');
  // A later word comes after whatever went before it.
  room.first.command({ command: 'chat', text: 'too large' });
  await room.second.event('chat', { text: 'too large' });
  assert.ok(!room.second.has('file'), 'nobody was asked');
});

async function begunRoom(t) {
  const room = await pair(t);
  return { ...room, ...await begun(room) };
}
