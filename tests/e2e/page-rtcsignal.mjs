// SPDX-License-Identifier: GPL-3.0-or-later
//
// RTCSignalServer with a real browser: the page for many participants in both positions, through
// our server and one that shares nothing with it, with its hang-up, its return and its sudden end.

import assert from 'node:assert/strict';
import test from 'node:test';

import { Browser } from '../browser/browser.mjs';
import { CAST, Stage, flows, joined, leaves } from '../harness/alcove.mjs';
import { PAGE_OPTIONS, faceToFace, httpUrl, openServer } from '../harness/browser.mjs';
import { stoodStill } from '../harness/machine.mjs';
import { peersServer } from '../harness/wires.mjs';

const [mei, ada] = CAST;
const ROOM = 'atrium';
const ARGS = { args: ['--protocol', 'rtcsignal'] };

const independent = (stage) => peersServer(stage, 'rtcsignal-server.mjs');

async function enter(stage, server) {
  const page = await Browser.start(stage, 'rtcsignal');
  const options = { server: httpUrl(server), direct: true, room: ROOM, ...PAGE_OPTIONS };
  return { page, options, pageId: await page.join(options) };
}

/**
 * It began with long polling, and went on over a websocket; nothing went wrong in it, and no
 * connection of its got a second description.
 */
async function isWell(page) {
  const state = await page.until('the upgrade', ({ transports }) => transports.length === 2);
  assert.deepEqual(state.transports, ['polling', 'websocket']);
  assert.deepEqual(state.errors, []);
  assert.equal(state.lost, 0, 'no candidate came before its description');
  assert.equal(state.replaced, 0, 'one description a connection');
}

for (const [which, makeServer] of [['our server', openServer],
  ['an independent server', independent]]) {
  test(`the page is there first, ${which}`, async (t) => {
    const stage = new Stage(t);
    const server = await makeServer(stage);
    const { page, pageId, options } = await enter(stage, server);
    const program = stage.headless(mei, server.url, ARGS);
    const id = await joined(program);
    assert.equal((await program.event('peer-joined', { peer: pageId })).offers, false);
    await faceToFace(page, pageId, program, id, mei);
    await isWell(page);

    // The hang-up is what the page acts on, the leaving it only hears of.
    await leaves(program);
    const { left, peers } = await page.until('its leaving', (state) => state.left.length === 2);
    assert.deepEqual(left, [id, id]);
    assert.deepEqual(peers, []);
    assert.deepEqual(program.events.filter(({ event }) => event === 'error'), []);

    // The page for two is not heard of before it is called.
    await page.reload();
    await page.join({ ...options, two: true });
    const caller = stage.headless(mei, server.url, ARGS);
    const callerId = await joined(caller);
    caller.command({ command: 'call-everybody' });
    const { peer, offers } = await caller.event('peer-joined');
    assert.equal(offers, true);
    await faceToFace(page, peer, caller, callerId, mei);
    await isWell(page);
    await leaves(caller);
    assert.deepEqual(caller.events.filter(({ event }) => event === 'error'), []);
  });
}

test('Alcove is there first; the page hangs up and returns', async (t) => {
  const stage = new Stage(t);
  const server = await openServer(stage);
  const program = stage.headless(mei, server.url, ARGS);
  const id = await joined(program);
  const { page, pageId, options } = await enter(stage, server);
  assert.equal((await program.event('peer-joined', { peer: pageId })).offers, true);
  await faceToFace(page, pageId, program, id, mei);
  await isWell(page);

  // Who hangs up stays in the room, and nobody calls again by itself.
  let since = program.mark;
  await page.act('hangUp');
  await program.event('hung-up', { peer: pageId }, { since });
  assert.ok(!program.has('peer-left', { peer: pageId }), 'it is still listed');

  // It goes without a word; only our server tells that.
  since = program.mark;
  await page.reload();
  await program.event('peer-left', { peer: pageId }, { since });
  const again = await page.join(options);
  assert.notEqual(again, pageId, 'a new id each time');
  await program.event('peer-joined', { peer: again }, { since });
  await faceToFace(page, again, program, id, mei, since);
  await isWell(page);
  assert.deepEqual(program.events.filter(({ event }) => event === 'error'), []);
});

test('the page between two Alcoves; its browser is killed', async (t) => {
  const stage = new Stage(t);
  const server = await openServer(stage);
  const first = stage.headless(mei, server.url, ARGS);
  const firstId = await joined(first);
  const { page, pageId } = await enter(stage, server);
  await first.event('peer-joined', { peer: pageId });
  const second = stage.headless(ada, server.url, ARGS);
  const secondId = await joined(second);
  await Promise.all([
    faceToFace(page, pageId, first, firstId, mei),
    faceToFace(page, pageId, second, secondId, ada),
    flows(first, secondId),
    flows(second, firstId),
  ]);
  await isWell(page);

  const since = first.mark;
  await page.kill();
  await first.event('peer-left', { peer: pageId }, { since });
  await second.event('peer-left', { peer: pageId });
  await flows(first, secondId);
  await flows(second, firstId);
  assert.ok(!stoodStill(first, secondId, since), 'the other pair was not disturbed');
});
