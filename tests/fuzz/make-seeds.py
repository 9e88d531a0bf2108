#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
#
# make-seeds.py DATA OUTPUT: what the fuzzers start from, a folder a target, out of the
# recorded conversations in tests/data. A dictionary of the words in them lies beside.

import hashlib
import json
import re
import sys
from pathlib import Path

SOCKETIO = {'webrtcroom', 'rtcsignal'}
# Of no transcript: what goes over the data channels, paths, and numbers at the bounds.
EXTRA = {
    'skyrtc': [
        '{"type":"__file","signal":"ask","sendId":"a1","name":"cat.png","size":42}',
        '{"type":"__file","signal":"chunk","sendId":"a1","data":"data:image/png;base64,AAAA",'
        '"last":false,"percent":12.5}',
        '{"type":"__file","signal":"accept","sendId":"a1"}',
        'data:text/plain;base64,' + 'QUJD' * 14,
        'data:;base64,QQ==',
        '{"type":"__msg","msg":"hello"}',
        '{"kind":"hello","version":1,"id":"6d0f","name":"Ada","muted":false,"camera_off":true}',
        '{"kind":"state","muted":true}',
        '{"kind":"chat","text":"hello"}',
        '{"kind":"moved","id":"6d0f3c52c3b111ef"}',
    ],
    'rtcmesh': [
        '["abcdefgh",0,7]              payload',
        ''.join(c + '\0' for c in '["abcdefgh",0,7]              ') + 'payload',
        '/rooms/attic/uid/aaaaaaaa-1111-4111-8111-000000000001',
        '/uid/aaaaaaaa-1111-4111-8111-000000000001',
        '{"event":"ping"}',
        '{"event":"init","ids":[],"rooms":true}',
        '{"event":"room","room":"attic"}',
    ],
    'socketio': [
        '2:4015:42["a",{"b":1}]',
        '40\x1e42["a",1]\x1e2probe',
        '451-/room?x=y,12["file",{"_placeholder":true,"num":0}]',
        '44{"message":"no"}',
        '0{"sid":"abc","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":5000,'
        '"maxPayload":1000000}',
        b'\x00\x02\xff40\x01\x03\xff\x04ab',
        b'\x81\x85\x01\x02\x03\x04hello\x01\x02ab\x80\x01c',
        b'\x82\x7e\x10\x01' + b'x' * 40,
        b'\x82\x7f\x00\x00\x00\x00\x00\x00\x00\x05abcde\x89\x00',
    ],
}
EXTRA_WORDS = {
    'all': ['null', 'true', 'false', '-1', '0', '1.5', '1e999', '1e308', '9223372036854775807',
            '-9223372036854775808', '99999999999999999999', '""', '[]', '{}', '\\u0000',
            '\\ud800', '\\ud83d\\ude00', '\\"', '[[[[[[[[', '\u202e', '{"a":'],
    'sdp': ['a=', 'm=audio 9 UDP/TLS/RTP/SAVPF 111', 'm=video 0 UDP/TLS/RTP/SAVPF 96', 'o=- 1 1',
            'm=application 9 UDP/DTLS/SCTP webrtc-datachannel', '\r\n', 'a=bundle-only',
            'a=group:BUNDLE 0 1', 'a=fingerprint:sha-256 ', ' ufrag abcd', 'a=mid:', 'a=extmap:',
            'a=rtpmap:96 VP8/90000', 'a=rtpmap:111 opus/48000/2', 'a=fmtp:97 apt=96',
            'a=ice-ufrag:', 'a=ice-pwd:', 'a=inactive', 'a=sctp-port:5000', '65536', '-1'],
}


def strings(value):
    """Every name and text within parsed JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def frames(folder):
    for path in sorted(folder.glob('*.jsonl')):
        # a text may hold what Unicode takes for the end of a line
        for line in filter(None, path.read_text(encoding='utf-8').split('\n')):
            record = json.loads(line)
            if record.get('dir') in ('in', 'out') and isinstance(record.get('frame'), str):
                yield record['frame']


def as_bytes(seed):
    return seed if isinstance(seed, bytes) else seed.encode('utf-8', 'surrogatepass')


def quoted(word):
    return ''.join(chr(b) if 0x20 <= b < 0x7f and b not in b'"\\' else f'\\x{b:02x}'
                   for b in word.encode('utf-8', 'replace'))


def write(output, name, seeds, words):
    folder = output / name
    folder.mkdir(parents=True, exist_ok=True)
    for seed in seeds:
        content = as_bytes(seed)
        (folder / hashlib.sha1(content).hexdigest()).write_bytes(content)
    lines = {f'"{quoted(word)}"' for word in words if word and len(word.encode()) <= 64}
    (output / f'{name}.dict').write_text('\n'.join(sorted(lines)) + '\n', encoding='utf-8')


def main():
    data, output = Path(sys.argv[1]), Path(sys.argv[2])
    sdps = {path.read_text(encoding='utf-8') for path in (data / 'sdp').glob('*.sdp')}
    socketio, socketio_words = [], set()

    for name in ('skyrtc', 'webrtcroom', 'rtcmesh', 'rtcsignal', 'dispatch'):
        seeds, words = [], set(EXTRA_WORDS['all'])
        for frame in frames(data / name):
            text = frame
            if name in SOCKETIO:
                socketio.append(frame)
                if not frame.startswith('42['):
                    socketio_words.add(frame[:3])
                    continue
                text = frame[2:]
            seeds.append(text)
            try:
                parsed = json.loads(text)
            except ValueError:
                continue
            for word in strings(parsed):
                if word.startswith('v=0'):
                    sdps.add(word)
                elif re.fullmatch(r'[A-Za-z_-]{2,40}', word):
                    words.add(f'"{word}"')
                    words.add(f'"{word}":')
        write(output, name, seeds + EXTRA.get(name, []), words)

    write(output, 'socketio', socketio + EXTRA['socketio'],
          socketio_words | set(EXTRA_WORDS['all'])
          | {'"sid":', '"upgrades":', '"websocket"', '"pingInterval":', '"pingTimeout":',
             '"maxPayload":', '2probe', '3probe', '42[', '451-', '/admin,', '\x1e', '10:'})
    attributes = {m.group(0) for sdp in sdps for m in re.finditer(r'a=[a-z-]+:?', sdp)}
    for name in ('sdp', 'description'):
        write(output, name, sdps, set(EXTRA_WORDS['sdp']) | attributes)
    (output / 'stamp').touch()


main()
