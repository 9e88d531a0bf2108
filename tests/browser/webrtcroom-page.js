// SPDX-License-Identifier: GPL-3.0-or-later
//
// A page that speaks WebRtcRoomServer as the project's own does: the newcomer offers to all,
// over a Socket.IO connection that begins with long polling. It has the original's oddities:
// descriptions go as text, candidates are used the moment they come and lost if that is too
// early, there is a video element a track of which an exit takes one away (oddity 10.6), and an
// exit does not close the connection. The tests drive it through `window.alcove`.

/* global io */

import { addVideo, capture, inOrder, look } from './page-media.js';

class Peer {
  constructor(room, id) {
    this.id = id;
    this.videos = [];
    this.pc = new RTCPeerConnection();
    for (const track of room.stream.getTracks())
      this.pc.addTrack(track, room.stream);
    this.pc.ontrack = ({ streams }) => this.videos.push(addVideo(this, streams[0]));
    this.pc.onicecandidate = ({ candidate }) => {
      if (candidate !== null && candidate.candidate !== '')
        room.send('candidate', id, { candidate: { sdpMid: candidate.sdpMid,
          sdpMLineIndex: candidate.sdpMLineIndex, sdp: candidate.candidate } });
    };
  }

  get video() {
    return this.videos.find(({ videoWidth }) => videoWidth > 0) ?? this.videos[0];
  }

  close() {
    this.pc.close();
    this.videos.splice(0).forEach((video) => video.remove());
  }
}

class Room {
  constructor(stream, name) {
    this.stream = stream;
    this.name = name;
    this.peers = new Map();
    this.transports = [];
    this.errors = [];
    this.left = [];
    this.lost = 0;
    this.self = null;
  }

  open(server) {
    // Without options: that is long polling first, and an upgrade after it.
    this.socket = io(server);
    const { engine } = this.socket.io;
    this.socket.on('connect', () => {
      this.transports.push(this.socket.io.engine.transport.name);
      this.socket.io.engine.on('upgrade', ({ name }) => this.transports.push(name));
      this.socket.emit('createAndJoinRoom', { room: this.name });
    });
    engine.on('error', (error) => this.errors.push(`engine: ${error}`));
    const take = inOrder(([event, data]) => this[event](data), (error) => this.errors.push(error));
    for (const event of ['created', 'joined', 'offer', 'answer', 'candidate', 'exit'])
      this.socket.on(event, (data) => take([event, data]));
  }

  send(event, to, more) {
    this.socket.emit(event, { from: this.self, to, room: this.name, ...more });
  }

  peer(id) {
    if (!this.peers.has(id))
      this.peers.set(id, new Peer(this, id));
    return this.peers.get(id);
  }

  async created({ id, peers }) {
    this.self = id;
    for (const { id: other } of peers) {
      const { pc } = this.peer(other);
      await pc.setLocalDescription(await pc.createOffer(
        { offerToReceiveAudio: true, offerToReceiveVideo: true }));
      this.send('offer', other, { sdp: pc.localDescription.sdp });
    }
  }

  joined() {
    // Nothing is done: the newcomer offers.
  }

  async offer({ from, sdp }) {
    const { pc } = this.peer(from);
    await pc.setRemoteDescription({ type: 'offer', sdp });
    await pc.setLocalDescription(await pc.createAnswer());
    this.send('answer', from, { sdp: pc.localDescription.sdp });
  }

  async answer({ from, sdp }) {
    await this.peer(from).pc.setRemoteDescription({ type: 'answer', sdp });
  }

  async candidate({ from, candidate: { sdpMid, sdpMLineIndex, sdp } }) {
    const { pc } = this.peer(from);
    if (pc.remoteDescription === null)
      this.lost++;
    else
      await pc.addIceCandidate({ sdpMid, sdpMLineIndex, candidate: sdp });
  }

  exit({ from }) {
    this.left.push(from);
    // The method is named and not called, so that the connection goes on until ICE fails.
    // eslint-disable-next-line no-unused-expressions
    this.peers.get(from)?.pc.close;
    this.peers.get(from)?.videos.pop()?.remove();
    this.peers.delete(from);
  }

  leave() {
    this.socket.emit('exit', { from: this.self, room: this.name });
    this.peers.forEach((peer) => peer.close());
    this.peers.clear();
  }
}

let current = null;

window.alcove = {
  async join({ server, room, picture, hertz }) {
    current = new Room(await capture({ picture, hertz }), room);
    current.open(server);
  },
  /** Tells the room, and stays connected. */
  leave() {
    current.leave();
  },
  async state() {
    const { self, errors, left, lost, transports } = current;
    return { self, errors, left, lost, transports,
      peers: await Promise.all([...current.peers.values()].map(look)) };
  },
};
