// SPDX-License-Identifier: GPL-3.0-or-later
//
// The two protocols on Socket.IO, each through servers that share no code with ours, on the
// library's versions 2 and 4, and through our own: three exchange pictures and sound, somebody
// in another room of the same server sees none of it, one leaves, and one is killed.

import assert from 'node:assert/strict';
import test from 'node:test';

import { CAST, Stage, flows, joined, leaves, perceives } from '../harness/alcove.mjs';
import { stoodStill } from '../harness/machine.mjs';
import { socketioServer } from '../harness/wires.mjs';

const ROOM = '两 人 一 室';

// Who offers: the newcomer, or who is there already.
const NEWCOMER_OFFERS = { webrtcroom: true, rtcsignal: false };

for (const protocol of ['webrtcroom', 'rtcsignal']) {
  for (const library of ['2', '4', 'own']) {
    const name = library === 'own' ? 'our own server' : `socket.io ${library}`;

    test(`${protocol} through ${name}`, async (t) => {
      const stage = new Stage(t);
      const server = library === 'own' ? await stage.server()
        : await socketioServer(stage, protocol, library);
      const join = (who, room = ROOM) => stage.headless(who, server.url,
        { room, args: ['--protocol', protocol] });

      const first = join(CAST[0]);
      const firstId = await joined(first);
      const stranger = join(CAST[3], 'elsewhere');
      await joined(stranger);
      const second = join(CAST[1]);
      const secondId = await joined(second);
      const [offers, waits] = NEWCOMER_OFFERS[protocol] ? [second, first] : [first, second];
      const other = (program) => (program === first ? secondId : firstId);
      await offers.event('peer-joined', { peer: other(offers), offers: true });
      await waits.event('peer-joined', { peer: other(waits), offers: false });
      await perceives(first, secondId, CAST[1]);
      await perceives(second, firstId, CAST[0]);

      const third = join(CAST[2]);
      const thirdId = await joined(third);
      await perceives(third, firstId, CAST[0]);
      await perceives(third, secondId, CAST[1]);
      await perceives(first, thirdId, CAST[2]);
      await perceives(second, thirdId, CAST[2]);

      const mark = first.mark;
      await leaves(third);
      await first.event('peer-left', { peer: thirdId });
      await second.event('peer-left', { peer: thirdId });
      await flows(first, secondId);
      assert.ok(!stoodStill(first, secondId, mark), 'the pair was not disturbed');

      second.signal('SIGKILL');
      // Nobody is told of it by the original rtcsignal server: only the picture tells.
      const gone = protocol === 'rtcsignal' && library !== 'own' ? 'stale' : 'peer-left';
      await first.event(gone, { peer: secondId });
      assert.ok(!stranger.has('peer-joined'), 'rooms are apart');
      await Promise.all([leaves(first), leaves(stranger)]);
      assert.equal(server.exitStatus ?? null, null, 'the server lives');
      assert.ok(!server.has?.('deaf'), 'the server was told nothing that makes it deaf');
    });
  }
}
