// SPDX-License-Identifier: GPL-3.0-or-later
//
// The two pages of the dispatch platform: the guest's, which sends its camera to the dispatcher
// as soon as it has joined, and the dispatcher's, which sees all guests and calls one of them by
// adding its own media to the connection that is there. Like the originals, the guest never
// answers the dispatcher's offer, and the dispatcher has no use for such an answer: it takes
// its own offer back when the guest offers anew. The tests drive it through `window.alcove`.

import { addVideo, capture, inOrder, look } from './page-media.js';

const ROOT = 'root';

class Peer {
  constructor(page, id) {
    this.page = page;
    this.id = id;
    this.video = null;
    this.called = false;
    this.senders = [];
    this.pc = new RTCPeerConnection();
    this.pc.onicecandidate = ({ candidate }) => {
      if (candidate !== null && candidate.candidate !== '')
        page.sendTo(id, page.isRoot ? 2005 : 2004, { candidate: candidate.toJSON() });
    };
    this.pc.ontrack = ({ streams }) => {
      this.video ??= addVideo(this, streams[0]);
      this.show(page.isRoot || this.called);
    };
    if (page.isRoot)
      this.pc.onnegotiationneeded = () => this.offer(2022);
    this.pc.onconnectionstatechange = () => {
      if (page.isRoot && this.pc.connectionState === 'disconnected')
        page.drop(id);
    };
  }

  show(shown) {
    if (this.video !== null)
      this.video.style.display = shown ? '' : 'none';
  }

  addTracks() {
    this.senders = this.page.stream.getTracks().map((track) =>
      this.pc.addTrack(track, this.page.stream));
  }

  async offer(code) {
    await this.pc.setLocalDescription(await this.pc.createOffer());
    this.page.sendTo(this.id, code, { sdp: this.pc.localDescription.toJSON() });
  }

  close() {
    this.pc.close();
    this.video?.remove();
  }
}

class Page {
  constructor(stream, { role, room, name }) {
    this.stream = stream;
    this.isRoot = role === ROOT;
    this.room = room;
    this.name = this.isRoot ? ROOT : name;
    this.peers = new Map();
    this.errors = [];
    this.left = [];
    this.codes = [];
    this.self = null;
  }

  open(server) {
    this.socket = new WebSocket(new URL('/ws', server));
    this.socket.onopen = () => this.send(this.isRoot ? 2000 : 2001, this.isRoot
      ? { room_name: this.room } : { room_name: this.room, username: this.name });
    const take = inOrder((message) => this.message(message), (error) => this.errors.push(error));
    this.socket.onmessage = ({ data }) => take(JSON.parse(data));
  }

  send(code, value, message = '') {
    this.socket.send(JSON.stringify({ code, value, message }));
  }

  sendTo(id, code, value, message) {
    this.send(code, this.isRoot ? { username: id, ...value } : value, message);
  }

  drop(id) {
    this.left.push(id);
    this.peers.get(id)?.close();
    this.peers.delete(id);
  }

  async message({ code, value, message }) {
    this.codes.push(code);
    if (code === 2000 || code === 2001) {
      if (value !== 10000) {
        this.errors.push(message);
        return;
      }
      this.self = this.name;
      if (!this.isRoot) {
        this.peers.set(ROOT, new Peer(this, ROOT));
        this.peers.get(ROOT).addTracks();
        await this.peers.get(ROOT).offer(2002);
      }
    } else if (code === 10000 || code === -10000) {
      if (code === -10000 || value === -10000)
        this.errors.push(message);
    } else if (this.isRoot) {
      await this.asRoot(code, value);
    } else {
      await this.asGuest(code, value);
    }
  }

  async asRoot(code, { username, sdp, candidate }) {
    if (code === 2002) {
      if (!this.peers.has(username))
        this.peers.set(username, new Peer(this, username));
      const { pc } = this.peers.get(username);
      await pc.setRemoteDescription(sdp);
      await pc.setLocalDescription(await pc.createAnswer());
      this.sendTo(username, 2003, { sdp: pc.localDescription.toJSON() });
    } else if (code === 2004) {
      // The candidate without text is a sign of life and no candidate.
      await this.peers.get(username)?.pc.addIceCandidate(candidate);
    } else if (code === 3000) {
      this.drop(username);
    }
  }

  async asGuest(code, { sdp, candidate }) {
    const peer = this.peers.get(ROOT);
    if (code === 2003 || code === 2022) {
      await peer.pc.setRemoteDescription(sdp);
    } else if (code === 2005) {
      await peer.pc.addIceCandidate(candidate);
    } else if (code === 2222) {
      peer.called = true;
      peer.show(true);
    } else if (code === 3001) {
      peer.called = false;
      peer.show(false);
    } else if (code === 3002) {
      this.leave();
    } else if (code === 10001) {
      this.drop(ROOT);
    }
  }

  leave() {
    if (!this.isRoot)
      this.send(3000, '', '离开房间');
    else
      this.socket.close();
    [...this.peers.keys()].forEach((id) => this.drop(id));
  }
}

let current = null;

window.alcove = {
  async join({ server, picture, hertz, ...options }) {
    current = new Page(await capture({ picture, hertz }), options);
    current.open(server);
  },
  call(id) {
    this.ring(id);
    this.send(id);
  },
  hangUp(id) {
    const peer = current.peers.get(id);
    this.ringOff(id);
    peer.senders.splice(0).forEach((sender) => peer.pc.removeTrack(sender));
  },
  // The two halves of a call and of its end: what is said of it, and the media.
  ring(id) {
    current.sendTo(id, 2222, {}, '呼叫建立连接');
  },
  ringOff(id) {
    current.sendTo(id, 3001, {}, '');
  },
  send(id) {
    current.peers.get(id).addTracks();
  },
  dismiss(id) {
    current.sendTo(id, 3002, {}, '');
  },
  leave() {
    current.leave();
  },
  async state() {
    const { self, errors, left, codes } = current;
    return { self, errors, left, codes,
      peers: await Promise.all([...current.peers.values()].map(async (peer) => ({
        ...await look(peer), signalling: peer.pc.signalingState, called: peer.called,
        shown: peer.video !== null && peer.video.style.display !== 'none' }))) };
  },
};
