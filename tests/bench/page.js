// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a person would use instead of Alcove: a page with a lobby and a grid of tiles that
// speaks SkyRTC. Nothing in it is there for the bench but the stamp, and it does nothing
// by itself while it is measured.

import { drawMark } from './test-mark.js';

// That of Alcove's pictures of this size, so that both send the same.
const VIDEO_BITRATE = 800_000;
const CLOCK_PICTURE = 15;
const STAMP_MASK = 0xffffff;

const wallClock = () => performance.timeOrigin + performance.now();
const element = (id) => document.getElementById(id);

/**
 * The camera's track with the time at which each picture was taken drawn into it, by the shortest
 * way that a page has: frame by frame, and no canvas that is captured again.
 */
function stamped(track) {
  const generator = new MediaStreamTrackGenerator({ kind: 'video' });
  const processor = new MediaStreamTrackProcessor({ track, maxBufferSize: 1 });
  let canvas = null;
  let context = null;
  const stamp = new TransformStream({
    transform(frame, controller) {
      const time = Math.round(wallClock()) & STAMP_MASK;
      if (canvas === null) {
        canvas = new OffscreenCanvas(frame.displayWidth, frame.displayHeight);
        context = canvas.getContext('2d', { desynchronized: true });
      }
      context.drawImage(frame, 0, 0);
      drawMark(context, canvas.width, canvas.height, CLOCK_PICTURE, time);
      const { timestamp } = frame;
      frame.close();
      controller.enqueue(new VideoFrame(canvas, { timestamp, alpha: 'discard' }));
    },
  });
  processor.readable.pipeThrough(stamp).pipeTo(generator.writable).catch(() => {});
  return generator;
}

/** Pictures of its own making, where the browser's fake camera is not to be had. */
function drawnCamera(width, height, fps) {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  let counter = 0;
  setInterval(() => {
    context.fillStyle = `hsl(${counter % 360} 50% 40%)`;
    context.fillRect(0, 0, width, height);
    counter++;
  }, 1000 / fps);
  return canvas.captureStream(fps).getVideoTracks()[0];
}

class Peer {
  constructor(room, id) {
    this.room = room;
    this.id = id;
    this.early = [];
    this.pc = new RTCPeerConnection();
    this.video = document.createElement('video');
    this.video.autoplay = true;
    this.video.playsInline = true;
    this.video.srcObject = new MediaStream();
    this.pc.ontrack = ({ track }) => this.video.srcObject.addTrack(track);
    this.pc.onicecandidate = ({ candidate }) => {
      if (candidate?.candidate)
        room.send('__ice_candidate__', {
          label: candidate.sdpMLineIndex, candidate: candidate.candidate, socketId: id });
    };
    this.times = {};
    this.pc.addEventListener('connectionstatechange', () => {
      if (this.pc.connectionState === 'connected')
        this.times.connected ??= wallClock();
    });
    this.firstFrame = new Promise((done) => {
      this.video.requestVideoFrameCallback((now, { presentationTime }) => {
        this.times.decoded = performance.timeOrigin + presentationTime;
        done(wallClock());
      });
    });
    element('tiles').append(this.video);
    room.arrange();
    for (const track of room.stream.getTracks())
      this.pc.addTrack(track, room.stream);
    for (const kind of ['audio', 'video']) {
      if (!room.stream.getTracks().some((track) => track.kind === kind))
        this.pc.addTransceiver(kind, { direction: 'recvonly' });
    }
  }

  preferVp8() {
    for (const transceiver of this.pc.getTransceivers()) {
      if (transceiver.receiver.track.kind !== 'video')
        continue;
      const { codecs } = RTCRtpReceiver.getCapabilities('video');
      transceiver.setCodecPreferences(codecs.filter(({ mimeType }) =>
        /VP8|rtx/i.test(mimeType)));
    }
  }

  async limit() {
    for (const sender of this.pc.getSenders()) {
      if (sender.track?.kind !== 'video')
        continue;
      const parameters = sender.getParameters();
      for (const encoding of parameters.encodings)
        encoding.maxBitrate = VIDEO_BITRATE;
      await sender.setParameters(parameters);
    }
  }

  async offer() {
    this.preferVp8();
    await this.pc.setLocalDescription(await this.pc.createOffer());
    const { type, sdp } = this.pc.localDescription;
    this.room.send('__offer__', { sdp: { type, sdp }, socketId: this.id });
  }

  async describe(description) {
    await this.pc.setRemoteDescription(description);
    this.times.described ??= wallClock();
    if (description.type === 'offer') {
      this.preferVp8();
      await this.pc.setLocalDescription(await this.pc.createAnswer());
      const { type, sdp } = this.pc.localDescription;
      this.room.send('__answer__', { sdp: { type, sdp }, socketId: this.id });
    }
    for (const candidate of this.early.splice(0))
      await this.pc.addIceCandidate(candidate);
    await this.limit();
  }

  async candidate({ label, candidate }) {
    const init = { candidate, sdpMLineIndex: Number(label) };
    if (this.pc.remoteDescription === null)
      this.early.push(init);
    else
      await this.pc.addIceCandidate(init);
  }

  async look() {
    const found = { id: this.id, state: this.pc.connectionState, decoded: 0, sent: 0,
      received: 0, bytesSent: 0, width: 0, sentWidth: 0, limitation: null, dropped: 0 };
    for (const entry of (await this.pc.getStats()).values()) {
      if (entry.type === 'inbound-rtp' && entry.kind === 'video') {
        found.decoded = entry.framesDecoded ?? 0;
        found.received = entry.bytesReceived ?? 0;
        found.width = entry.frameWidth ?? 0;
        found.dropped = entry.framesDropped ?? 0;
      } else if (entry.type === 'outbound-rtp' && entry.kind === 'video') {
        found.sent = entry.framesSent ?? 0;
        found.bytesSent = entry.bytesSent ?? 0;
        found.sentWidth = entry.frameWidth ?? 0;
        found.limitation = entry.qualityLimitationReason ?? null;
      }
    }
    return found;
  }

  close() {
    this.pc.close();
    this.video.remove();
    this.room.arrange();
  }
}

class Room {
  constructor(stream, server, name) {
    this.stream = stream;
    this.peers = new Map();
    this.errors = [];
    let working = Promise.resolve();
    this.socket = new WebSocket(`${server}ws/${crypto.randomUUID().replaceAll('-', '')}`);
    this.socket.onopen = () => this.send('__join__', { room: name });
    this.socket.onmessage = ({ data }) => {
      working = working.then(() => this.message(JSON.parse(data)))
        .catch((error) => this.errors.push(String(error)));
    };
  }

  send(eventName, data) {
    this.socket.send(JSON.stringify({ eventName, data }));
  }

  /** As near to the shape of the window as whole columns get. */
  arrange() {
    const columns = Math.max(Math.ceil(Math.sqrt(this.peers.size)), 1);
    element('tiles').style.gridTemplateColumns = `repeat(${columns}, 1fr)`;
    element('tiles').style.gridTemplateRows
      = `repeat(${Math.max(Math.ceil(this.peers.size / columns), 1)}, 1fr)`;
  }

  add(id) {
    if (!this.peers.has(id)) {
      this.peers.set(id, null);
      this.peers.set(id, new Peer(this, id));
    }
    return this.peers.get(id);
  }

  remove(id) {
    const peer = this.peers.get(id);
    this.peers.delete(id);
    peer?.close();
  }

  async message({ eventName, data }) {
    switch (eventName) {
    case '_peers':
      this.joined = wallClock();
      await Promise.all(data.connections.map((id) => this.add(id).offer()));
      break;
    case '_new_peer':
      this.add(data.socketId);
      break;
    case '_remove_peer':
      this.remove(data.socketId);
      break;
    case '_offer':
    case '_answer':
      await this.add(data.socketId).describe(data.sdp);
      break;
    case '_ice_candidate':
      await this.add(data.socketId).candidate(data);
      break;
    }
  }
}

let stream = new MediaStream();
let room = null;

window.bench = {
  /** The lobby. `camera`: `device`, `stamped`, `drawn`; `microphone`: whether there is one. */
  async prepare({ camera = null, microphone = false, fps = 30 }) {
    const tracks = [];
    if (microphone)
      tracks.push(...(await navigator.mediaDevices.getUserMedia({ audio: {
        echoCancellation: false, noiseSuppression: false, autoGainControl: false,
      } })).getTracks());
    if (camera === 'device' || camera === 'stamped') {
      const [track] = (await navigator.mediaDevices.getUserMedia({
        video: { width: 640, height: 360, frameRate: fps } })).getVideoTracks();
      tracks.push(camera === 'stamped' ? stamped(track) : track);
    } else if (camera === 'drawn') {
      tracks.push(drawnCamera(640, 360, fps));
    }
    stream = new MediaStream(tracks);
    const shown = new MediaStream(stream.getVideoTracks());
    element('preview').srcObject = shown;
    if (camera !== null)
      await new Promise((done) => {
        element('preview').requestVideoFrameCallback(done);
      });
  },
  /** Presses the button; returns when, by the wall clock in milliseconds. */
  join({ server, name }) {
    let pressed = null;
    element('join').onclick = () => {
      pressed = wallClock();
      element('lobby').hidden = true;
      element('tiles').hidden = false;
      if (stream.getVideoTracks().length > 0) {
        element('own').srcObject = element('preview').srcObject;
        element('own').hidden = false;
      }
      element('preview').srcObject = null;
      room = new Room(stream, server, name);
    };
    element('join').click();
    return pressed;
  },
  /** When the first picture of anybody was there. */
  async firstFrame() {
    while (room === null || room.peers.size === 0)
      await new Promise(requestAnimationFrame);
    return Promise.any([...room.peers.values()].map((peer) => peer.firstFrame));
  },
  /** When the first of the others came through which step of the join. */
  times() {
    const [peer] = room.peers.values();
    return { joined: room.joined, ...peer?.times };
  },
  async state() {
    return { errors: room.errors,
      peers: await Promise.all([...room.peers.values()].filter(Boolean)
        .map((peer) => peer.look())) };
  },
};
