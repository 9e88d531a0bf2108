// SPDX-License-Identifier: GPL-3.0-or-later
//
// A page that speaks RTCSignalServer as the project's page for many participants does: those who
// are there offer to the newcomer, with its id in the message, over a Socket.IO connection in
// the namespace that the end of the address makes. It has the original's oddities: a connection
// takes the first description only, a second offer makes another one, nobody is told of its
// leaving, and `user-left` changes nothing. With `two` it is the page for two: it offers to nobody,
// answers whatever offer comes, and names no target. The tests drive it through `window.alcove`.

/* global io */

import { addVideo, capture, inOrder, look } from './page-media.js';

const OFFER = 1;
const ANSWER = 2;
const CANDIDATE = 3;
const HANG_UP = 4;

class Peer {
  constructor(room, id) {
    this.id = id;
    this.described = false;
    this.video = null;
    this.pc = new RTCPeerConnection();
    for (const track of room.stream.getTracks())
      this.pc.addTrack(track, room.stream);
    this.pc.ontrack = ({ streams }) => {
      this.video ??= addVideo(this, streams[0]);
    };
    this.pc.onicecandidate = ({ candidate }) => {
      if (candidate !== null && candidate.candidate !== '')
        room.broadcast(CANDIDATE, { id: candidate.sdpMid, label: candidate.sdpMLineIndex,
          candidate: candidate.candidate, targetUserId: id });
    };
  }

  close() {
    this.pc.close();
    this.video?.remove();
  }
}

class Room {
  constructor(stream, name, two) {
    this.two = two;
    this.stream = stream;
    this.name = name;
    this.userId = Math.random().toString(36).slice(2);
    this.peers = new Map();
    this.transports = [];
    this.errors = [];
    this.left = [];
    this.lost = 0;
    this.replaced = 0;
    this.self = null;
  }

  open(server) {
    this.socket = io(new URL('/socket.io', server).href);
    this.socket.on('connect', () => {
      this.transports.push(this.socket.io.engine.transport.name);
      this.socket.io.engine.on('upgrade', ({ name }) => this.transports.push(name));
      this.socket.emit('join-room', JSON.stringify({ userId: this.userId, roomName: this.name }));
    });
    const take = inOrder(([event, data]) => event.call(this, data),
      (error) => this.errors.push(error));
    this.socket.on('user-joined', (id) => take([this.joined, id]));
    this.socket.on('user-left', (id) => this.left.push(id));
    this.socket.on('broadcast', (message) => take([this.message, message]));
  }

  broadcast(msgType, { targetUserId, ...more }) {
    this.socket.emit('broadcast', { userId: this.userId, msgType, ...more,
      ...(this.two ? {} : { targetUserId }) });
  }

  async joined(id) {
    if (id === this.userId) {
      this.self = id;
      return;
    }
    if (this.two)
      return;
    if (!this.peers.has(id))
      this.peers.set(id, new Peer(this, id));
    const { pc } = this.peers.get(id);
    await pc.setLocalDescription(await pc.createOffer());
    this.broadcast(OFFER, { sdp: pc.localDescription.sdp, targetUserId: id });
  }

  async message({ userId: from, msgType, targetUserId, ...data }) {
    const forOther = targetUserId !== undefined && targetUserId !== this.userId;
    if (from === this.userId || (forOther && !this.two))
      return;
    const peer = this.peers.get(from);
    switch (msgType) {
    case OFFER:
      await this.answer(from, data.sdp);
      break;
    case ANSWER:
      if (peer && !peer.described) {
        peer.described = true;
        await peer.pc.setRemoteDescription({ type: 'answer', sdp: data.sdp });
      }
      break;
    case CANDIDATE:
      if (peer?.pc.remoteDescription)
        await peer.pc.addIceCandidate({ sdpMLineIndex: data.label, candidate: data.candidate });
      else
        this.lost++;
      break;
    case HANG_UP:
      this.left.push(from);
      peer?.close();
      this.peers.delete(from);
      break;
    }
  }

  async answer(from, sdp) {
    // The old connection goes on beside the new one, with a video element of its own.
    if (this.peers.get(from)?.described)
      this.replaced++;
    if (!this.peers.has(from) || this.peers.get(from).described)
      this.peers.set(from, new Peer(this, from));
    const peer = this.peers.get(from);
    peer.described = true;
    await peer.pc.setRemoteDescription({ type: 'offer', sdp });
    await peer.pc.setLocalDescription(await peer.pc.createAnswer());
    this.broadcast(ANSWER, { sdp: peer.pc.localDescription.sdp, targetUserId: from });
  }

  hangUp() {
    this.broadcast(HANG_UP, {});
    this.peers.forEach((peer) => peer.close());
    this.peers.clear();
  }
}

let current = null;

window.alcove = {
  async join({ server, room, picture, hertz, two = false }) {
    current = new Room(await capture({ picture, hertz }), room, two);
    current.open(server);
  },
  hangUp() {
    current.hangUp();
  },
  async state() {
    const { self, errors, left, lost, replaced, transports } = current;
    return { self, errors, left, lost, replaced, transports,
      peers: await Promise.all([...current.peers.values()].map(look)) };
  },
};
