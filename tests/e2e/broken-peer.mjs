// SPDX-License-Identifier: GPL-3.0-or-later
//
// Somebody in the room sends everything that can be wrong. The pair beside them goes
// on undisturbed, and both programs live.

import assert from 'node:assert/strict';
import test from 'node:test';

import { CAST, Stage, flows, joined, leaves } from '../harness/alcove.mjs';
import { RawPeer, independentServer } from '../harness/wires.mjs';

const ROOM = 'atrium';
const HUGE = 5_000_000;

const OFFER = [
  'v=0', 'o=- 4611731400430051336 2 IN IP4 127.0.0.1', 's=-', 't=0 0', 'a=group:BUNDLE 0',
  'm=video 9 UDP/TLS/RTP/SAVPF 96', 'c=IN IP4 0.0.0.0', 'a=mid:0', 'a=sendrecv', 'a=rtcp-mux',
  'a=ice-ufrag:abcd', 'a=ice-pwd:abcdefghijklmnopqrstuvwx', 'a=setup:actpass',
  `a=fingerprint:sha-256 ${Array(32).fill('AB').join(':')}`, 'a=rtpmap:96 VP8/90000', '',
].join('\r\n');
const NAKED_OFFER = OFFER.replace(/a=fingerprint.*\r\n/, '');
const OTHER_OFFER = OFFER.replace('4611731400430051336', '1');
const offer = (sdp) => ({ type: 'offer', sdp });

// Each on a connection of its own, as a server may cut it for any of them.
const MISDEEDS = {
  'text that is no JSON': (peer) => peer.raw('{"eventName":"__offer__"'),
  'JSON that is no object': (peer) => ['null', '[]', '7', '"x"', '[[[[[[1]]]]]]']
    .forEach((text) => peer.raw(text)),
  'messages without their fields': (peer, targets) => {
    // What a server passes on first: it may cut the connection for the rest.
    for (const socketId of targets) {
      peer.send('__offer__', { socketId });
      peer.send('__ice_candidate__', { socketId, label: 0 });
      peer.send('__answer__', { socketId, sdp: {} });
    }
    for (const name of ['__offer__', '__answer__', '__ice_candidate__', '__join__', '_peers', ''])
      peer.send(name, {});
    peer.raw('{"eventName":"__offer__"}');
    peer.raw('{"data":{}}');
  },
  'wrong types': (peer, targets) => {
    for (const socketId of targets) {
      for (const sdp of [7, null, [], {}, { type: 1, sdp: 2 }, { type: 'dance', sdp: OFFER }, ''])
        peer.send('__offer__', { socketId, sdp });
      for (const label of [-1, 1e9, 1.5, 'zero', null, {}])
        peer.send('__ice_candidate__', { socketId, label, candidate: 'candidate:1 1 udp 1 127.0.0.1 9 typ host' });
      for (const candidate of [7, null, {}, '', 'nonsense', 'candidate:', 'candidate:x x x x x x x'])
        peer.send('__ice_candidate__', { socketId, label: 0, candidate });
    }
    peer.raw('{"eventName":7,"data":"x"}');
    peer.raw('{"eventName":{"a":1},"data":[1,2]}');
  },
  'a description that does not parse': (peer, targets) => targets.forEach((socketId) => {
    for (const sdp of ['v=0', 'garbage', '\u0000\u0001', 'm=video\r\n'.repeat(2000)])
      peer.send('__offer__', { socketId, sdp: offer(sdp) });
  }),
  'an offer without a fingerprint': (peer, targets) => targets.forEach((socketId) =>
    peer.send('__offer__', { socketId, sdp: offer(NAKED_OFFER) })),
  'a candidate before its offer, and after it': (peer, targets) => targets.forEach((socketId) => {
    const candidate = 'candidate:1 1 udp 2122260223 127.0.0.1 9 typ host';
    peer.send('__ice_candidate__', { socketId, label: 0, candidate });
    peer.send('__ice_candidate__', { socketId, label: 40, candidate });
    peer.send('__offer__', { socketId, sdp: offer(OFFER) });
    peer.send('__ice_candidate__', { socketId, label: 0, candidate });
  }),
  'two offers at once': (peer, targets) => targets.forEach((socketId) => {
    peer.send('__offer__', { socketId, sdp: offer(OFFER) });
    peer.send('__offer__', { socketId, sdp: offer(OTHER_OFFER) });
    peer.send('__offer__', { socketId, sdp: offer(OFFER) });
  }),
  'an answer that nobody asked for': (peer, targets) => targets.forEach((socketId) =>
    peer.send('__answer__', { socketId, sdp: { type: 'answer', sdp: OFFER } })),
  'joining twice': (peer) => {
    peer.send('__join__', { room: ROOM });
    peer.send('__join__', { room: ROOM });
  },
  'a message to somebody unknown': (peer) =>
    peer.send('__offer__', { socketId: 'f'.repeat(32), sdp: offer(OFFER) }),
  'an offer of 5 MB': (peer, targets) => peer.send('__offer__',
    { socketId: targets[0], sdp: offer(OFFER + 'a='.padEnd(HUGE, 'x')) }),
  // The deeper one is more than some servers can pass on.
  'deep nesting': (peer, targets) => targets.forEach((socketId) => {
    for (const depth of [1_000, 20_000])
      peer.raw(`{"eventName":"__offer__","data":{"socketId":"${socketId}",`
        + `"sdp":${'['.repeat(depth)}${']'.repeat(depth)}}}`);
  }),
};

async function misbehave(t, makeServer, misdeeds, room) {
  const stage = new Stage(t);
  const server = await makeServer(stage);
  const first = stage.headless(CAST[0], server.url, { room });
  const firstId = await joined(first);
  const second = stage.headless(CAST[1], server.url, { room });
  const secondId = await joined(second);
  await first.event('first-frame', { peer: secondId });
  await second.event('first-frame', { peer: firstId });
  const since = [first.mark, second.mark];

  for (const [what, commit] of Object.entries(misdeeds)) {
    await t.test(what, async () => {
      const raw = await RawPeer.join(stage, server.url, room);
      assert.deepEqual(raw.peers.filter((id) => [firstId, secondId].includes(id)).sort(),
        [firstId, secondId].sort(), 'the raw peer is in their room');
      await first.event('peer-joined', { peer: raw.id });
      commit(raw, [firstId, secondId]);
      await raw.settled();
      raw.leave();
      await first.event('peer-left', { peer: raw.id });
      await second.event('peer-left', { peer: raw.id });
    });
  }

  await flows(first, secondId);
  await flows(second, firstId);
  for (const [program, mark, peer] of [[first, since[0], secondId], [second, since[1], firstId]]) {
    for (const event of ['stale', 'repaired', 'peer-left'])
      assert.ok(!program.has(event, { peer }, mark), `${program.label}: no ${event} of the pair`);
    assert.ok(!program.events.slice(mark).some(({ event }) => event === 'signalling'),
      `${program.label} kept its connection to the server`);
  }
  return { first, second };
}

test('through the embedded server', async (t) => {
  const { first, second } = await misbehave(t, (stage) => stage.server(), MISDEEDS, ROOM);
  await leaves(first);
  await leaves(second);
});

test('through a server that lets everything pass', async (t) => {
  const { first, second } = await misbehave(t, (stage) => independentServer(stage, 'python'),
    MISDEEDS, ROOM);
  // Here the descriptions reach the participants, and each is a named error.
  for (const code of ['sdp-invalid', 'sdp-no-fingerprint']) {
    await first.event('error', { code });
    await second.event('error', { code });
  }
  await leaves(first);
  await leaves(second);
});
