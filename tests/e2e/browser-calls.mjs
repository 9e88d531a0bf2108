// SPDX-License-Identifier: GPL-3.0-or-later
//
// Alcove is in the room first and a real browser calls it; then the page is
// reloaded and returns, and at last the browser is killed.

import assert from 'node:assert/strict';
import test from 'node:test';

import { Browser } from '../browser/browser.mjs';
import { CAST, Stage, flows, joined } from '../harness/alcove.mjs';
import { PAGE_OPTIONS, chats, faceToFace } from '../harness/browser.mjs';
import { stoodStill } from '../harness/machine.mjs';
import { independentServer } from '../harness/wires.mjs';

const [mei, ada] = CAST;

async function called(t, makeServer = (stage) => stage.server(), more = {}) {
  const stage = new Stage(t);
  const server = await makeServer(stage);
  const program = stage.headless(mei, server.url);
  const id = await joined(program);
  const page = await Browser.start(stage);
  const options = { server: server.url, room: 'atrium', ...PAGE_OPTIONS, ...more };
  const pageId = await page.join(options);
  assert.equal((await program.event('peer-joined', { peer: pageId })).offers, false);
  return { stage, server, program, id, page, pageId, options };
}

test('the page calls Alcove', async (t) => {
  const { program, id, page, pageId } = await called(t);
  await faceToFace(page, pageId, program, id, mei);
  await chats(page, pageId, program, id);
  const state = await page.state();
  assert.deepEqual(state.errors, []);
  assert.equal(state.peers[0].videoCodec, 'video/VP8');
});

test('the page has no codec but H.264', async (t) => {
  const { stage, server, program, id, page, pageId } = await called(t, undefined,
    { codec: 'H264' });
  await faceToFace(page, pageId, program, id, mei);
  const { codec_in: received, codec_out: sent } = await flows(program, pageId);
  assert.deepEqual([received, sent], ['H264', 'H264']);
  const [peer] = (await page.state()).peers;
  assert.deepEqual([peer.videoCodec, peer.videoCodecSent], ['video/H264', 'video/H264']);

  // who comes later calls the page, and offers it more than that
  const other = stage.headless(ada, server.url, { args: ['--video-codec', 'vp8'] });
  const otherId = await joined(other);
  await faceToFace(page, pageId, other, otherId, ada);
  assert.equal((await flows(other, pageId)).codec_out, 'H264');
  assert.equal((await flows(other, id)).codec_out, 'VP8', 'the Alcoves among themselves');
  assert.deepEqual((await page.state()).errors, []);
});

test('the page calls Alcove through an independent server', async (t) => {
  const { program, id, page, pageId } = await called(t,
    (stage) => independentServer(stage, 'python'));
  await faceToFace(page, pageId, program, id, mei);
});

test('the page leaves and returns', async (t) => {
  const { program, id, page, pageId, options } = await called(t);
  await faceToFace(page, pageId, program, id, mei);

  let since = program.mark;
  await page.reload();
  await program.event('peer-left', { peer: pageId }, { since });
  since = program.mark;
  const again = await page.join(options);
  assert.notEqual(again, pageId, 'a new socket, a new id');
  await program.event('peer-joined', { peer: again }, { since });
  await faceToFace(page, again, program, id, mei, since);
  assert.deepEqual((await page.state()).errors, []);
});

test('the browser is killed', async (t) => {
  const { stage, server, program, id, page, pageId } = await called(t);
  const other = stage.headless(ada, server.url);
  const otherId = await joined(other);
  await faceToFace(page, pageId, program, id, mei);
  await other.event('first-frame', { peer: pageId });
  await program.event('first-frame', { peer: otherId });

  const since = program.mark;
  await page.kill();
  await program.event('peer-left', { peer: pageId }, { since });
  await other.event('peer-left', { peer: pageId });
  await flows(program, otherId);
  await flows(other, id);
  assert.ok(!stoodStill(program, otherId, since), 'the other pair was not disturbed');
});
