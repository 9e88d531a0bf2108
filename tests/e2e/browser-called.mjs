// SPDX-License-Identifier: GPL-3.0-or-later
//
// A real browser is in the room first; Alcove is the newcomer and calls it.

import assert from 'node:assert/strict';
import test from 'node:test';

import { Browser } from '../browser/browser.mjs';
import { CAST, Stage, flows, joined, leaves } from '../harness/alcove.mjs';
import { PAGE_OPTIONS, chats, faceToFace, pageSees } from '../harness/browser.mjs';

const [mei, ada] = CAST;

for (const variant of ['python', 'node']) {
  test(`Alcove calls the page, the ${variant} variant`, async (t) => {
    const stage = new Stage(t);
    const server = await stage.server();
    const page = await Browser.start(stage);
    const pageId = await page.join({ server: server.url, room: 'atrium', variant,
      ...PAGE_OPTIONS });
    const program = stage.headless(mei, server.url);
    const id = await joined(program);

    assert.equal((await program.event('peer-joined', { peer: pageId })).offers, true);
    await faceToFace(page, pageId, program, id, mei);
    await chats(page, pageId, program, id);

    // Closed by the page, a connection is no fault: it is called again, and nobody complains.
    const since = program.mark;
    await page.act('drop', id);
    await program.event('stale', { peer: pageId }, { since });
    await faceToFace(page, pageId, program, id, mei, since);

    await leaves(program);
    await page.until('its leaving', ({ left }) => left.includes(id));
    assert.deepEqual((await page.state()).errors, []);
    assert.deepEqual(program.events.filter(({ event }) => event === 'error'), []);
  });
}

test("the browser's own camera and microphone, and two Alcoves", async (t) => {
  const stage = new Stage(t);
  const server = await stage.server();
  const page = await Browser.start(stage);
  const pageId = await page.join({ server: server.url, room: 'atrium' });
  const first = stage.headless(mei, server.url);
  const firstId = await joined(first);
  const second = stage.headless(ada, server.url);
  const secondId = await joined(second);

  for (const program of [first, second]) {
    await program.event('first-frame', { peer: pageId });
    await flows(program, pageId);
    // The fake microphone beeps.
    await program.event('stats', ({ peer, tone_hz: tone }) => peer === pageId && tone > 0);
  }
  await pageSees(page, firstId, mei);
  await pageSees(page, secondId, ada);
  assert.deepEqual((await page.state()).errors, []);
});
