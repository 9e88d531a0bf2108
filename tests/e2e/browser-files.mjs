// SPDX-License-Identifier: GPL-3.0-or-later
//
// Files between a browser's page and Alcove, both ways; and a page that has neither
// camera nor microphone, only the channel.

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { Browser } from '../browser/browser.mjs';
import { CAST, Stage, joined, leaves } from '../harness/alcove.mjs';
import { chats } from '../harness/browser.mjs';
import { relay } from '../harness/wires.mjs';

const [mei] = CAST;
const SIZE = 200_000;
const PIECE = 1000;
// Twelve seconds, after which a silent picture would be repaired for long.
const QUIET_STATS = 6;

// A closed channel is known at once. Who is killed says nothing, and ICE has to find out.
const GOING = { leave: 20_000, kill: 100_000 };

const digest = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** A page without media, and Alcove; `pageFirst` says who calls whom. */
async function meet(t, pageFirst) {
  const stage = new Stage(t);
  const server = await stage.server();
  const page = await Browser.start(stage);
  const options = { server: server.url, room: 'atrium', media: false };
  let pageId = pageFirst ? await page.join(options) : null;
  const program = stage.headless(mei, server.url);
  const id = await joined(program);
  pageId ??= await page.join(options);
  await program.event('connected', { peer: pageId });
  // each side opens it for itself: a word both ways shows that it is open on both
  await chats(page, pageId, program, id);
  const folder = join(stage.dir, 'saved');
  mkdirSync(folder);
  return { stage, page, pageId, program, id, folder };
}

test('a page that only has a channel', async (t) => {
  const { page, pageId, program, id } = await meet(t, false);
  await chats(page, pageId, program, id);

  // Nobody waits for its pictures, or repairs what is not broken.
  const since = program.mark;
  await program.until('statistics', () => program.events.slice(since)
    .filter(({ event, peer }) => event === 'stats' && peer === pageId).length >= QUIET_STATS);
  assert.ok(program.events.slice(since).filter(({ event }) => event === 'stats')
    .every((event) => event.data_only === true));
  assert.ok(!program.has('stale'));
  await chats(page, pageId, program, id);
  assert.deepEqual((await page.state()).errors, []);
  assert.deepEqual(program.events.filter(({ event }) => event === 'error'), []);
  await leaves(program);
});

for (const [how, patience] of Object.entries(GOING)) {
  test(`a page that only has a channel goes by ${how}, and no server tells`, async (t) => {
    const stage = new Stage(t);
    const server = await stage.server();
    const page = await Browser.start(stage);
    const program = stage.headless(mei, await relay(stage, server.url,
      (message) => (message.eventName === '_remove_peer' ? null : message)));
    const id = await joined(program);
    const pageId = await page.join({ server: server.url, room: 'atrium', media: false });
    await program.event('connected', { peer: pageId });
    await page.peer('an open channel', (peer) => peer.id === id && peer.channel === 'open');
    await page[how]();
    await program.event('stale', { peer: pageId }, { timeout: patience });
  });
}

for (const pageFirst of [true, false]) {
  test(`files both ways, ${pageFirst ? 'Alcove' : 'the page'} being the newcomer`, async (t) => {
    const { stage, page, pageId, program, id, folder } = await meet(t, pageFirst);

    const path = join(stage.dir, 'plan.bin');
    const content = randomBytes(SIZE);
    writeFileSync(path, content);
    await page.answer('accept');
    program.command({ command: 'send-file', path });
    const { received: [given] } = await page.peer('a whole file',
      ({ received }) => received[0]?.state === 'whole');
    assert.equal(given.name, 'plan.bin');
    assert.equal(given.size, SIZE);
    assert.equal(given.longest, PIECE, 'pieces as the page makes them');
    assert.equal(await page.digest(id, given.sendId), digest(content));
    await program.event('file', { incoming: false, state: 'done' });

    await page.sendFile('from the page.bin', SIZE);
    const asked = await program.event('file', { incoming: true, state: 'waiting' });
    assert.equal(asked.peer, pageId);
    assert.equal(asked.file_name, 'from the page.bin');
    assert.equal(asked.size, SIZE);
    const target = join(folder, 'saved.bin');
    program.command({ command: 'accept-file', file: asked.file, path: target });
    await program.event('file', { file: asked.file, state: 'done' });
    assert.equal(digest(readFileSync(target)),
      digest(Uint8Array.from({ length: SIZE }, (_, i) => i % 251)));
    assert.deepEqual(readdirSync(folder), ['saved.bin']);
    assert.deepEqual((await page.state()).errors, []);
  });
}

test('bytes that are no text', async (t) => {
  const { page, pageId, program, id } = await meet(t, false);
  // Pieces of a buffer as pages of the other mesh send them, of either era, and none at all.
  for (const size of [0, 1, 30, 51_230, 65_535, 102_460])
    t.diagnostic(`${size} bytes: ${await page.sendBinary(size) ?? 'sent'}`);
  await chats(page, pageId, program, id);
  assert.deepEqual(program.events.filter(({ event }) => event === 'error'), []);
  await leaves(program);
});

test('files that are not wanted', async (t) => {
  const { stage, page, program, folder } = await meet(t, false);
  const path = join(stage.dir, 'plan.bin');
  writeFileSync(path, randomBytes(SIZE));
  await page.answer('refuse');
  program.command({ command: 'send-file', path });
  await program.event('file', { incoming: false, state: 'refused' });

  await page.sendFile('one.bin', SIZE);
  const one = await program.event('file', { incoming: true, state: 'waiting' });
  program.command({ command: 'refuse-file', file: one.file });
  await page.peer('the refusal', ({ sent }) => sent[0]?.state === 'refused');

  // Stopped in the middle, and the page is gone in the middle.
  await page.sendFile('two.bin', SIZE);
  const two = await program.event('file', { file_name: 'two.bin', state: 'waiting' });
  program.command({ command: 'accept-file', file: two.file, path: join(folder, 'two.bin') });
  await program.event('file', ({ file, done }) => file === two.file && done > 0);
  program.command({ command: 'cancel-file', file: two.file });
  await program.event('file', { file: two.file, state: 'cancelled' });
  await page.peer('the refusal', ({ sent }) => sent[1]?.state === 'refused');
  assert.deepEqual(readdirSync(folder), []);

  await page.sendFile('three.bin', SIZE);
  const three = await program.event('file', { file_name: 'three.bin', state: 'waiting' });
  program.command({ command: 'accept-file', file: three.file, path: join(folder, 'three.bin') });
  await program.event('file', ({ file, done }) => file === three.file && done > 0);
  await page.kill();
  await program.event('file', { file: three.file, state: 'failed' });
  assert.deepEqual(readdirSync(folder), []);
  assert.ok(!program.has('error', { code: 'too-fast' }));
});
