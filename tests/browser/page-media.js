// SPDX-License-Identifier: GPL-3.0-or-later
//
// What all our pages have in common: the picture and the sound that they send, and
// what they tell the tests of what they get.

import { drawMark, readMark } from './test-mark.js';

const WIDTH = 640;
const HEIGHT = 360;
const FPS = 25;

/** A moving picture that bears the test mark, so that the far side knows whose it is. */
function canvasCamera(picture) {
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const context = canvas.getContext('2d');
  let counter = 0;
  const draw = () => {
    counter++;
    context.fillStyle = `hsl(${picture * 47 % 360} 45% 40%)`;
    context.fillRect(0, 0, WIDTH, HEIGHT);
    context.fillStyle = '#fff';
    context.fillRect(counter * 4 % WIDTH, HEIGHT * 0.6, 40, 40);
    drawMark(context, WIDTH, HEIGHT, picture, counter);
  };
  draw();
  setInterval(draw, 1000 / FPS);
  return canvas.captureStream(FPS).getVideoTracks()[0];
}

function tone(hertz) {
  const audio = new AudioContext();
  const oscillator = new OscillatorNode(audio, { frequency: hertz });
  const volume = new GainNode(audio, { gain: 0.4 });
  const out = new MediaStreamAudioDestinationNode(audio, { channelCount: 1 });
  oscillator.connect(volume).connect(out);
  oscillator.start();
  return out.stream.getAudioTracks()[0];
}

/**
 * `picture` and `hertz`: a picture with the test mark and a steady tone. Without them
 * Chromium's own fake camera and microphone, by way of getUserMedia; without `media` nothing.
 */
export async function capture({ picture, hertz, media = true }) {
  if (!media)
    return new MediaStream();
  if (picture === undefined)
    return navigator.mediaDevices.getUserMedia({
      video: { width: WIDTH, height: HEIGHT, frameRate: 30 }, audio: true });
  return new MediaStream([canvasCamera(picture), tone(hertz)]);
}

/** A video element for `stream`, playing; `peer.playError` says why if it does not. */
export function addVideo(peer, stream) {
  const video = document.createElement('video');
  video.autoplay = true;
  video.playsInline = true;
  video.srcObject = stream;
  document.getElementById('tiles').append(video);
  video.play().catch((error) => {
    peer.playError = String(error);
  });
  return video;
}

/** Calls `take (value)` for one thing after the other: nothing overtakes what came before. */
export function inOrder(take, failed) {
  let working = Promise.resolve();
  return (value) => {
    working = working.then(() => take(value)).catch((error) => failed(String(error)));
  };
}

/**
 * What getStats says of a peer, and the mark in its picture just now. `peer.video` may be
 * null as long as there is none.
 */
export async function look(peer) {
  const found = { id: peer.id, state: peer.pc.connectionState, chat: peer.chat ?? [],
    channel: peer.channel?.readyState ?? null, channelLabel: peer.channel?.label ?? null,
    ended: peer.ended ?? null,
    framesDecoded: 0, framesSent: 0, width: 0, height: 0, audioEnergy: 0, audioBytes: 0,
    audioBytesSent: 0, videoCodec: null, videoCodecSent: null, mark: null,
    availableOutgoing: 0 };
  const report = await peer.pc.getStats();
  for (const entry of report.values()) {
    if (entry.type === 'inbound-rtp' && entry.kind === 'video') {
      found.framesDecoded += entry.framesDecoded ?? 0;
      found.width = entry.frameWidth ?? 0;
      found.height = entry.frameHeight ?? 0;
      found.videoCodec = report.get(entry.codecId)?.mimeType ?? null;
    } else if (entry.type === 'inbound-rtp' && entry.kind === 'audio') {
      found.audioEnergy += entry.totalAudioEnergy ?? 0;
      found.audioBytes += entry.bytesReceived ?? 0;
    } else if (entry.type === 'outbound-rtp' && entry.kind === 'video') {
      found.framesSent += entry.framesSent ?? 0;
      found.videoCodecSent = report.get(entry.codecId)?.mimeType ?? null;
    } else if (entry.type === 'outbound-rtp' && entry.kind === 'audio') {
      found.audioBytesSent += entry.bytesSent ?? 0;
    } else if (entry.type === 'candidate-pair' && entry.nominated) {
      found.availableOutgoing = entry.availableOutgoingBitrate ?? 0;
    }
  }
  if (!peer.video)
    return found;
  const { videoWidth, videoHeight, paused, readyState, currentTime } = peer.video;
  // For the message of a test that sees nothing.
  found.element = { videoWidth, videoHeight, paused, readyState, currentTime,
    playError: peer.playError ?? null,
    tracks: peer.video.srcObject?.getTracks().map(({ kind, muted, readyState: state }) =>
      `${kind} ${state}${muted ? ' muted' : ''}`) ?? [] };
  if (videoWidth > 0) {
    const canvas = new OffscreenCanvas(videoWidth, videoHeight);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    context.drawImage(peer.video, 0, 0);
    found.mark = readMark(context.getImageData(0, 0, videoWidth, videoHeight));
  }
  return found;
}
