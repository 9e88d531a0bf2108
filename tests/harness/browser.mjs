// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a page and Alcove must have of each other, whoever called.

import assert from 'node:assert/strict';

import { perceives } from './alcove.mjs';

export const PAGE = { name: 'page', picture: 9, tone: 620 };
export const PAGE_OPTIONS = { picture: PAGE.picture, hertz: PAGE.tone };

/** The page decodes `who`'s moving picture and hears something of it. */
export async function pageSees(page, id, who) {
  const first = await page.peer(`picture ${who.picture} of ${who.name}`, (peer) => peer.id === id
    && peer.state === 'connected' && peer.mark?.picture === who.picture
    && peer.framesDecoded > 0 && peer.audioEnergy > 0 && peer.audioBytes > 0);
  return page.peer(`a moving picture of ${who.name}, and sound`, (peer) => peer.id === id
    && peer.mark?.picture === who.picture && peer.mark.counter > first.mark.counter
    && peer.framesDecoded > first.framesDecoded && peer.audioEnergy > first.audioEnergy
    && peer.audioBytes > first.audioBytes && peer.framesSent > first.framesSent);
}

/** Picture and sound both ways between `program`, which is `who`, and our marked page. */
export async function faceToFace(page, pageId, program, programId, who, since = 0) {
  const frame = await program.event('first-frame', { peer: pageId }, { since });
  assert.ok(frame.width > 0 && frame.height > 0);
  await pageSees(page, programId, who);
  await perceives(program, pageId, PAGE, since);
}

/** Our server, for pages that come from elsewhere than from itself. */
export function openServer(stage) {
  return stage.server({ args: ['--allow-origin', '*'] });
}

/** What Socket.IO's own library takes for the address of `server`. */
export const httpUrl = (server) => server.url.replace('ws:', 'http:');

/** Chat both ways over the data channel. */
export async function chats(page, pageId, program, programId) {
  await page.peer('an open channel', ({ id, channel }) => id === programId && channel === 'open');
  const since = program.mark;
  await page.chat('from the page: äöü 你好');
  assert.equal((await program.event('chat', { peer: pageId }, { since })).text,
    'from the page: äöü 你好');
  program.command({ command: 'chat', text: 'from Alcove' });
  await page.peer('the chat', ({ id, chat }) => id === programId && chat.includes('from Alcove'));
}
