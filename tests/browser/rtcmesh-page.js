// SPDX-License-Identifier: GPL-3.0-or-later
//
// A page of the rtc mesh: those who are online call whoever comes, over one data channel a pair.
// It has the library's ways: the id is kept in the session's storage, a channel makes the offer
// by itself, candidates that come before their description are thrown away, messages of
// unknown ids are dropped, and a known id that comes again is asked for a sign of life first.
// `media` is what it does beyond data: `none` as the library, `first` sound and pictures
// in the first description, `later` by a new offer on the connection of the open channel.
// The tests drive it through `window.alcove`.

import { addVideo, capture, inOrder, look } from './page-media.js';

const LIFE_SIGN_WITHIN = 5000;
const PATTERN = [8, 4, 4, 4, 12];

const word = () => Math.random().toString(36).slice(2, 6).padEnd(4, '0');

function ownId() {
  const kept = sessionStorage.getItem('uid');
  const id = kept ?? PATTERN.map((length) =>
    Array.from({ length: length / 4 }, word).join('')).join('-');
  sessionStorage.setItem('uid', id);
  return id;
}

class Peer {
  constructor(room, id) {
    this.room = room;
    this.id = id;
    this.chat = [];
    this.video = null;
    this.offers = false;
    this.pc = new RTCPeerConnection();
    this.pc.onnegotiationneeded = () => {
      if (this.offers)
        this.offer().catch((error) => room.errors.push(String(error)));
    };
    this.pc.onicecandidate = ({ candidate }) => {
      if (candidate !== null && candidate.candidate !== '')
        room.send('candidate', id, candidate.toJSON());
    };
    this.pc.ontrack = ({ streams, track }) => {
      this.video ??= addVideo(this, streams[0] ?? new MediaStream());
      if (!this.video.srcObject.getTracks().includes(track))
        this.video.srcObject.addTrack(track);
    };
    this.pc.ondatachannel = ({ channel }) => this.take(channel);
    if (room.media === 'first')
      this.addTracks();
  }

  addTracks() {
    for (const track of this.room.stream.getTracks())
      this.pc.addTrack(track, this.room.stream);
  }

  take(channel) {
    this.channel = channel;
    channel.onopen = () => {
      if (this.room.media !== 'later')
        return;
      this.offers = true;
      this.addTracks();
    };
    channel.onclose = () => {
      this.ended = this.pc.connectionState;
    };
    channel.onmessage = ({ data }) => {
      this.heard = true;
      if (data === '{"event":"ping"}')
        channel.send('{"event":"pong"}');
      else if (typeof data === 'string' && data !== '{"event":"pong"}')
        this.chat.push(data);
    };
  }

  call() {
    this.offers = true;
    this.take(this.pc.createDataChannel('dc', { maxPacketLifeTime: 2000 }));
  }

  async offer() {
    await this.pc.setLocalDescription(await this.pc.createOffer());
    this.room.send('offer', this.id, this.pc.localDescription.toJSON());
  }

  async probe() {
    this.heard = false;
    this.channel.send('{"event":"ping"}');
    await new Promise((resolve) => setTimeout(resolve, LIFE_SIGN_WITHIN));
    return this.heard;
  }

  close() {
    this.pc.close();
    this.video?.remove();
  }
}

class Room {
  constructor(stream, media) {
    this.stream = stream;
    this.media = media;
    this.known = new Set();
    this.peers = new Map();
    this.errors = [];
    this.lost = 0;
    this.dropped = 0;
    this.offered = 0;
    this.self = null;
  }

  open(server) {
    this.id = ownId();
    this.socket = new WebSocket(new URL(`uid/${this.id}`, server));
    const take = inOrder((message) => this.message(message), (error) => this.errors.push(error));
    this.socket.onmessage = ({ data }) => take(JSON.parse(data));
    addEventListener('pagehide', () => this.peers.forEach((peer) => peer.close()));
  }

  send(event, to, data) {
    if (event === 'offer')
      this.offered++;
    this.socket.send(JSON.stringify({ event, from: this.id, to, data }));
  }

  fresh(id) {
    this.peers.get(id)?.close();
    this.peers.set(id, new Peer(this, id));
    return this.peers.get(id);
  }

  async online(id) {
    const old = this.peers.get(id);
    this.known.add(id);
    if (old?.channel?.readyState === 'open' && await old.probe())
      return;
    this.fresh(id).call();
  }

  async message({ event, id, ids, from, data }) {
    if (event === 'init') {
      Object.values(ids).forEach((other) => this.known.add(other));
      this.self = this.id;
    } else if (event === 'online') {
      // Whatever else comes does not wait for the life sign.
      this.online(id).catch((error) => this.errors.push(String(error)));
    } else if (!['offer', 'answer', 'candidate'].includes(event)) {
      // Whatever a server may have to say besides.
    } else if (!this.known.has(from)) {
      this.dropped++;
    } else if (event === 'offer') {
      const session = /^o=\S+ (\S+)/m.exec(data.sdp)[1];
      let peer = this.peers.get(from);
      if (peer === undefined || peer.session !== session)
        peer = this.fresh(from);
      peer.session = session;
      await peer.pc.setRemoteDescription(data);
      await peer.pc.setLocalDescription(await peer.pc.createAnswer());
      this.send('answer', from, peer.pc.localDescription.toJSON());
    } else if (event === 'answer') {
      await this.peers.get(from)?.pc.setRemoteDescription(data);
    } else if (event === 'candidate') {
      const pc = this.peers.get(from)?.pc;
      if (pc?.remoteDescription)
        await pc.addIceCandidate({ ...data, usernameFragment: undefined });
      else
        this.lost++;
    }
  }
}

let current = null;

window.alcove = {
  async join({ server, media = 'first', picture, hertz }) {
    current = new Room(await capture({ picture, hertz, media: media !== 'none' }), media);
    current.open(server);
  },
  /** Returns how many channels it went out on. */
  chat(text) {
    const open = [...current.peers.values()].filter(({ channel }) =>
      channel?.readyState === 'open');
    open.forEach(({ channel }) => channel.send(text));
    return open.length;
  },
  async state() {
    const { self, errors, lost, dropped, offered } = current;
    return { self, errors, lost, dropped, offered,
      peers: await Promise.all([...current.peers.values()].map(look)) };
  },
};
