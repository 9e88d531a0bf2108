// SPDX-License-Identifier: GPL-3.0-or-later
//
// node page-at-end.mjs SERVER ROOM FILM: our page in a Chromium, as a program of its own that can be
// started in another network namespace. What its camera sees is FILM (YUV4MPEG2). It prints a line
// of JSON when it is in the room, and then what it sees each second. The end of standard input ends
// it.

import { Browser } from '../browser/browser.mjs';

const LOOK_MS = 1000;

const [server, room, film] = process.argv.slice(2);
const cleanups = [];
const say = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);

async function end() {
  for (const cleanup of cleanups.splice(0).reverse())
    await cleanup();
  process.exit(0);
}

process.stdin.on('end', end).resume();

const page = await Browser.start({ cleanup: (callback) => cleanups.push(callback) }, 'skyrtc',
  [`--use-file-for-fake-video-capture=${film}`]);
const self = await page.join({ server, room });
say({ event: 'joined', self });

for (;;) {
  const { peers } = await page.state();
  for (const { id, state, framesDecoded, width, mark, audioEnergy, availableOutgoing } of peers)
    say({ event: 'seen', peer: id, state, framesDecoded, width, picture: mark?.picture ?? null,
      audioEnergy, bears: availableOutgoing / 1000 });
  await new Promise((done) => setTimeout(done, LOOK_MS));
}
