// SPDX-License-Identifier: GPL-3.0-or-later
//
// The rtc mesh with a real browser: a page that is there first and calls, one that comes and is
// called, one that only has a channel, and one that adds its media to the connection later;
// through our server and one that shares nothing with it.

import assert from 'node:assert/strict';
import test from 'node:test';

import { Browser } from '../browser/browser.mjs';
import { CAST, Stage, flows, joined, leaves } from '../harness/alcove.mjs';
import { PAGE_OPTIONS, chats, faceToFace, openServer, pageSees } from '../harness/browser.mjs';
import { stoodStill } from '../harness/machine.mjs';
import { peersServer } from '../harness/wires.mjs';

const [mei, ada] = CAST;
const ARGS = { args: ['--protocol', 'rtcmesh'] };

const independent = (stage) => peersServer(stage, 'rtcmesh-server.mjs');

async function enter(stage, server, media = 'first') {
  const page = await Browser.start(stage, 'rtcmesh');
  const options = { server: server.url, direct: true, media, ...PAGE_OPTIONS };
  return { page, options, pageId: await page.join(options) };
}

/** Oddity 10.5: nothing of ours came before its description, or the page would have lost it. */
async function isWell(page) {
  const { errors, lost, dropped } = await page.state();
  assert.deepEqual({ errors, lost, dropped }, { errors: [], lost: 0, dropped: 0 });
}

test('the page is there first and calls', async (t) => {
  const stage = new Stage(t);
  const server = await openServer(stage);
  const { page, pageId } = await enter(stage, server);
  const program = stage.headless(mei, server.url, ARGS);
  const id = await joined(program);
  assert.equal((await program.event('peer-joined', { peer: pageId })).offers, false);
  await faceToFace(page, pageId, program, id, mei);
  await chats(page, pageId, program, id);
  await isWell(page);

  // Nobody tells the page of it but the channel, which ends before the connection does.
  await leaves(program);
  const { ended } = await page.peer('its leaving', (peer) => peer.id === id && peer.ended);
  assert.equal(ended, 'connected');
  assert.deepEqual(program.events.filter(({ event }) => event === 'error'), []);
});

test('Alcove is there first; the page returns under the same id, an independent server',
  async (t) => {
    const stage = new Stage(t);
    const server = await independent(stage);
    const program = stage.headless(mei, server.url, ARGS);
    const id = await joined(program);
    const { page, pageId, options } = await enter(stage, server);
    assert.equal((await program.event('peer-joined', { peer: pageId })).offers, true);
    await faceToFace(page, pageId, program, id, mei);
    await chats(page, pageId, program, id);
    await isWell(page);

    const since = program.mark;
    await page.reload();
    assert.equal(await page.join(options), pageId, 'the session keeps the id');
    await faceToFace(page, pageId, program, id, mei, since);
    await chats(page, pageId, program, id);
    await isWell(page);
  });

test('the page adds its media to the connection that is there', async (t) => {
  const stage = new Stage(t);
  const server = await openServer(stage);
  const { page, pageId } = await enter(stage, server, 'later');
  const program = stage.headless(mei, server.url, ARGS);
  const id = await joined(program);
  await faceToFace(page, pageId, program, id, mei);
  await chats(page, pageId, program, id);
  await isWell(page);
  assert.equal((await page.state()).offered, 2, 'one for the channel, one for the media');
  assert.ok(!program.has('repaired'), 'on the same connection');
  assert.deepEqual(program.events.filter(({ event }) => event === 'error'), []);
});

test('a page that has a channel and nothing else', async (t) => {
  const stage = new Stage(t);
  const server = await openServer(stage);
  const { page, pageId } = await enter(stage, server, 'none');
  const program = stage.headless(mei, server.url, ARGS);
  const id = await joined(program);
  await program.event('stats', { peer: pageId, data_only: true });
  await chats(page, pageId, program, id);

  // Alcove calls a second one, which takes what it is offered.
  const { page: other, pageId: otherId } = await enter(stage, server, 'none');
  await program.event('peer-joined', { peer: otherId, offers: true });
  await other.peer('the picture', (peer) => peer.id === id && peer.mark?.picture === mei.picture
    && peer.audioEnergy > 0);
  await chats(other, otherId, program, id);
  await isWell(page);
  await isWell(other);
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
  await pageSees(page, firstId, mei);
  await isWell(page);

  const since = first.mark;
  await page.kill();
  await first.event('peer-left', { peer: pageId }, { since });
  await second.event('peer-left', { peer: pageId });
  await flows(first, secondId);
  await flows(second, firstId);
  assert.ok(!stoodStill(first, secondId, since), 'the other pair was not disturbed');
});
