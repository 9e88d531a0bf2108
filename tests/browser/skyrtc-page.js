// SPDX-License-Identifier: GPL-3.0-or-later
//
// A page that speaks SkyRTC as a browser of today does it: a full mesh, the
// newcomer offers, candidates trickle and are also taken from the description,
// chat over one data channel a pair. The tests drive it through `window.alcove`.

import { capture, look } from './page-media.js';

const EVENTS = {
  python: { join: '__join__', offer: '__offer__', answer: '__answer__',
    candidate: '__ice_candidate__' },
  node: { join: '__join', offer: '__offer', answer: '__answer', candidate: '__ice_candidate' },
};

class Peer {
  constructor(room, id) {
    this.room = room;
    this.id = id;
    this.chat = [];
    this.sent = new Map();
    this.received = new Map();
    this.early = [];
    this.playError = null;
    this.pc = new RTCPeerConnection();
    for (const track of room.stream.getTracks())
      this.pc.addTrack(track, room.stream);
    this.restrict();

    this.video = document.createElement('video');
    this.video.autoplay = true;
    this.video.playsInline = true;
    document.getElementById('tiles').append(this.video);

    this.pc.onicecandidate = ({ candidate }) => {
      if (candidate !== null && candidate.candidate !== '')
        room.send('candidate', {
          label: candidate.sdpMLineIndex, candidate: candidate.candidate, socketId: id });
    };
    this.pc.ontrack = ({ streams, track }) => {
      // A far side may leave out the stream's name in its description.
      if (this.video.srcObject === null)
        this.video.srcObject = streams[0] ?? new MediaStream();
      if (!this.video.srcObject.getTracks().includes(track))
        this.video.srcObject.addTrack(track);
      this.video.play().catch((error) => {
        this.playError = String(error);
      });
    };
    this.pc.ondatachannel = ({ channel }) => this.take(channel);
  }

  /** Leaves no codec for pictures but the one that the room is to have. */
  restrict() {
    const { codec } = this.room;
    if (codec === undefined)
      return;
    const wanted = RTCRtpReceiver.getCapabilities('video').codecs.filter(({ mimeType }) =>
      mimeType.toUpperCase() === `VIDEO/${codec}` || mimeType === 'video/rtx');
    for (const transceiver of this.pc.getTransceivers()) {
      if (transceiver.sender.track?.kind === 'video')
        transceiver.setCodecPreferences(wanted);
    }
  }

  take(channel) {
    this.channel = channel;
    channel.onmessage = ({ data }) => {
      this.room.raw.push({ from: this.id, data: String(data) });
      let message = null;
      try {
        message = JSON.parse(data);
      } catch {
        return;
      }
      if (message?.type === '__file')
        this.file(message);
      else
        this.chat.push(message?.data);
    };
  }

  say(message) {
    this.channel.send(JSON.stringify({ type: '__file', ...message }));
  }

  /** Asks; a piece of the data URL follows every 10 ms once it is accepted. */
  send(file) {
    const sendId = `${Math.random() * 1000}`.replace('.', '-').slice(0, 12).toUpperCase();
    this.sent.set(sendId, { file, state: 'asked' });
    this.say({ signal: 'ask', sendId, name: file.name, size: file.size });
    return sendId;
  }

  async sendPieces(sendId) {
    const entry = this.sent.get(sendId);
    const url = await new Promise((done, failed) => {
      const reader = new FileReader();
      reader.onload = () => done(reader.result);
      reader.onerror = () => failed(reader.error);
      reader.readAsDataURL(entry.file);
    });
    entry.state = 'running';
    let at = 0;
    const timer = setInterval(() => {
      if (entry.state !== 'running' || this.channel.readyState !== 'open') {
        clearInterval(timer);
        return;
      }
      const data = url.slice(at, at + 1000);
      at += data.length;
      const last = at >= url.length;
      this.say({ signal: 'chunk', sendId, last, data,
        ...last ? {} : { percent: at / url.length * 100 } });
      if (last)
        entry.state = 'sent';
    }, 10);
  }

  file({ signal, sendId, name, size, data, last }) {
    switch (signal) {
    case 'ask':
      this.received.set(sendId, { name, size, pieces: [], state: 'asked' });
      if (this.room.answer !== null)
        this.say({ signal: this.room.answer, sendId });
      break;
    case 'accept':
      this.sendPieces(sendId);
      break;
    case 'refuse':
      this.sent.get(sendId).state = 'refused';
      break;
    case 'chunk': {
      const entry = this.received.get(sendId);
      entry.pieces.push(data);
      if (last)
        entry.state = 'whole';
      break;
    }
    }
  }

  async offer() {
    // The page this stands for passes no label, and the browser makes a text of that.
    this.take(this.pc.createDataChannel('undefined'));
    await this.pc.setLocalDescription(await this.pc.createOffer());
    const { type, sdp } = this.pc.localDescription;
    this.room.send('offer', { sdp: { type, sdp }, socketId: this.id });
  }

  async describe(description) {
    await this.pc.setRemoteDescription(description);
    if (description.type === 'offer') {
      await this.pc.setLocalDescription(await this.pc.createAnswer());
      const { type, sdp } = this.pc.localDescription;
      this.room.send('answer', { sdp: { type, sdp }, socketId: this.id });
    }
    for (const candidate of this.early.splice(0))
      await this.pc.addIceCandidate(candidate);
  }

  async candidate({ label, candidate }) {
    const init = { candidate, sdpMLineIndex: Number(label) };
    if (this.pc.remoteDescription === null)
      this.early.push(init);
    else
      await this.pc.addIceCandidate(init);
  }

  files() {
    return {
      sent: [...this.sent].map(([sendId, { state }]) => ({ sendId, state })),
      received: [...this.received].map(([sendId, { name, size, pieces, state }]) => ({
        sendId, name, size, state, longest: Math.max(0, ...pieces.map((piece) => piece.length)),
        pieces: pieces.length })),
    };
  }

  close() {
    this.pc.close();
    this.video.remove();
  }
}

class Room {
  constructor(stream, variant) {
    this.stream = stream;
    this.variant = variant;
    this.peers = new Map();
    this.raw = [];
    this.errors = [];
    this.answer = null;
    this.left = [];
    this.self = null;
    this.working = Promise.resolve();
  }

  open(server, room) {
    const url = new URL(server);
    if (this.variant === 'python') {
      this.asked = crypto.randomUUID().replaceAll('-', '');
      url.pathname = `/ws/${this.asked}`;
    }
    this.socket = new WebSocket(url);
    this.socket.onopen = () => this.send('join', { room });
    this.socket.onclose = () => {
      this.closed = true;
    };
    // One message at a time: a candidate must not overtake its offer in here.
    this.socket.onmessage = ({ data }) => {
      this.working = this.working.then(() => this.message(JSON.parse(data)))
        .catch((error) => this.errors.push(String(error)));
    };
  }

  send(event, data) {
    if (this.socket.readyState === WebSocket.OPEN)
      this.socket.send(JSON.stringify({ eventName: EVENTS[this.variant][event], data }));
  }

  peer(id) {
    if (!this.peers.has(id))
      this.peers.set(id, new Peer(this, id));
    return this.peers.get(id);
  }

  remove(id) {
    this.peers.get(id)?.close();
    this.peers.delete(id);
  }

  async message({ eventName, data }) {
    switch (eventName) {
    case '_peers':
      this.self = data.you ?? this.asked;
      for (const id of data.connections)
        await this.peer(id).offer();
      break;
    case '_new_peer':
      this.peer(data.socketId);
      break;
    case '_remove_peer':
      this.left.push(data.socketId);
      this.remove(data.socketId);
      break;
    case '_offer': {
      const description = typeof data.sdp === 'string' ? { type: 'offer', sdp: data.sdp } : data.sdp;
      // A second offer of the same peer is a fresh connection of theirs.
      if (this.peers.get(data.socketId)?.pc.remoteDescription)
        this.remove(data.socketId);
      await this.peer(data.socketId).describe(description);
      break;
    }
    case '_answer': {
      const description = typeof data.sdp === 'string' ? { type: 'answer', sdp: data.sdp } : data.sdp;
      await this.peer(data.socketId).describe(description);
      break;
    }
    case '_ice_candidate':
      await this.peer(data.socketId).candidate(data);
      break;
    }
  }

  leave() {
    this.socket.close();
    for (const id of [...this.peers.keys()])
      this.remove(id);
  }
}

let current = null;

window.alcove = {
  async join({ server, room, variant = 'python', picture, hertz, media, codec }) {
    current = new Room(await capture({ picture, hertz, media }), variant);
    current.codec = codec;
    current.open(server, room);
  },
  leave() {
    current.leave();
  },
  /** Closes the connection with `id`, and says nothing to the server. */
  drop(id) {
    current.remove(id);
  },
  /** Returns how many channels it went out on. */
  chat(text) {
    let sent = 0;
    for (const { channel } of current.peers.values()) {
      if (channel?.readyState === 'open') {
        channel.send(JSON.stringify({ type: '__msg', data: text }));
        sent++;
      }
    }
    return sent;
  },
  /** What it says when a file is offered: `accept`, `refuse` or null for nothing. */
  answer(word) {
    current.answer = word;
  },
  /** Offers `size` bytes, each its position modulo 251, to everybody. */
  sendFile(name, size) {
    const file = new File([Uint8Array.from({ length: size }, (_, i) => i % 251)], name);
    return [...current.peers.values()].filter(({ channel }) => channel?.readyState === 'open')
      .map((peer) => peer.send(file));
  },
  /** Sends bytes that mean nothing here; returns why it could not, or null. */
  sendBinary(size) {
    try {
      for (const { channel } of current.peers.values())
        channel.send(new Uint8Array(size).fill(32));
      return null;
    } catch (error) {
      return error.name;
    }
  },
  /** The content of a file that came, in hexadecimal digits of its SHA-256. */
  async digest(id, sendId) {
    const url = current.peers.get(id).received.get(sendId).pieces.join('');
    const bytes = await (await fetch(url)).arrayBuffer();
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
  },
  async state() {
    return {
      self: current.self,
      closed: current.closed ?? false,
      errors: current.errors,
      left: current.left,
      raw: current.raw,
      peers: await Promise.all([...current.peers.values()].map(async (peer) => ({
        ...await look(peer), ...peer.files() }))),
    };
  },
};
