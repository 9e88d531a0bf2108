// SPDX-License-Identifier: GPL-3.0-or-later
//
// The page among its like. Through the independent server it proves the tools of the
// other suites, and what fails is no fault of Alcove; through the embedded
// server it proves that one for browsers, in both spellings of the protocol.

import assert from 'node:assert/strict';
import test from 'node:test';

import { Browser } from '../browser/browser.mjs';
import { Stage } from '../harness/alcove.mjs';
import { independentServer } from '../harness/wires.mjs';

const SERVERS = {
  independent: (stage, variant) => independentServer(stage, variant),
  embedded: (stage) => stage.server(),
};

for (const [kind, variant] of [['independent', 'python'], ['independent', 'node'],
  ['embedded', 'python'], ['embedded', 'node']]) {
  test(`two pages, the ${kind} server, the ${variant} variant`, async (t) => {
    const stage = new Stage(t);
    const server = await SERVERS[kind](stage, variant);
    const first = await Browser.start(stage);
    const second = await Browser.start(stage);
    const firstId = await first.join({ server: server.url, room: 'pages', variant,
      picture: 5, hertz: 440 });
    const secondId = await second.join({ server: server.url, room: 'pages', variant,
      picture: 6, hertz: 660 });

    for (const [page, id, picture] of [[first, secondId, 6], [second, firstId, 5]]) {
      const seen = await page.peer('a marked picture', (peer) => peer.id === id
        && peer.mark?.picture === picture && peer.framesDecoded > 0 && peer.audioEnergy > 0);
      await page.peer('a moving picture and sound', (peer) => peer.id === id
        && peer.mark?.picture === picture && peer.mark.counter > seen.mark.counter
        && peer.framesDecoded > seen.framesDecoded && peer.audioEnergy > seen.audioEnergy);
      await page.peer('an open channel', (peer) => peer.channel === 'open');
    }
    assert.equal(await first.chat('good day'), 1);
    await second.peer('the chat', ({ chat }) => chat.includes('good day'));

    await second.kill();
    await first.until('its leaving', ({ left }) => left.includes(secondId));
    assert.deepEqual((await first.state()).errors, []);
  });
}
