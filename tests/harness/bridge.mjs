// SPDX-License-Identifier: GPL-3.0-or-later
//
// One Alcove of each protocol, for a room in which they all meet.

// Far enough apart to be told by ear and by eye.
export const POLYGLOTS = [
  { protocol: 'skyrtc', name: 'Sky', picture: 1, tone: 330 },
  { protocol: 'webrtcroom', name: 'Wen', picture: 2, tone: 550 },
  { protocol: 'rtcmesh', name: 'Mei', picture: 3, tone: 770 },
  { protocol: 'rtcsignal', name: 'Sig', picture: 4, tone: 990 },
  { protocol: 'dispatch', name: 'Dis', picture: 5, tone: 1210, role: 'dispatcher' },
];

export const BRIDGE_ROOM = '六 rooms';

// Twenty pictures are decoded at once: small ones do.
const SMALL = ['--size', '320x240', '--fps', '10'];
const FIRST_LOOK = 40000;

export function startPolyglot(stage, server, who) {
  const role = who.role ? ['--role', who.role] : [];
  // The last of two equal options counts.
  return stage.headless(who, server.url, {
    room: BRIDGE_ROOM, args: ['--protocol', who.protocol, ...role, ...SMALL],
  });
}

/**
 * By which id `program` knows whoever sends that picture: ids are another one in each protocol,
 * and a dispatcher knows those of others by made-up names.
 */
export async function knownBy(program, { picture }) {
  const { peer } = await program.event('stats', { picture }, { timeout: FIRST_LOOK });
  return peer;
}
