#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two network namespaces and the only path between them, as narrow, far and lossy as told.

What tc's netem does, for kernels without it: packets of two tunnel interfaces are handed across
by this program. It prints a line of JSON when all is there:

    {"ready": true, "ends": [{"enter": ["--net=/proc/1/ns/net"], "address": "10.77.0.1"}, …]}

and programs are started in an end by nsenter with what `enter` says. Who is not root gets a user
namespace with each network, where that is allowed. Each line of standard
input, such as {"rate": 300000, "delay": 150, "loss": 0.03, "queue": 500}, sets the path both
ways: bits a second (0 without a bound), milliseconds one way, the fraction that is lost at
random, and how many milliseconds of packets wait at the narrow place before more are dropped.
It is answered with what went through since the last one. The end of standard input ends it all.

It ends with status 77 and a line that says why where namespaces may not be made.
"""

import array
import ctypes
import fcntl
import heapq
import json
import os
import random
import select
import signal
import socket
import struct
import subprocess
import sys
import time

CLONE_NEWNET = 0x40000000
CLONE_NEWUSER = 0x10000000
TUNSETIFF = 0x400454CA
IFF_TUN_NO_PI = 0x1001
INTERFACE = "alcove0"
ADDRESSES = ("10.77.0.1", "10.77.0.2")
MAX_PACKET = 65536
SKIPPED = 77


def unshare():
    """Returns the kinds of namespaces that are now our own."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) == 0:
        return ["net"]
    user, group = os.getuid(), os.getgid()
    if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "no network namespace can be made")
    for name, text in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {group} 1")):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(text)
    return ["user", "net"]


def enter_own_network(address):
    """In a child: a network of its own, and the end of a tunnel in it."""
    kinds = unshare()
    tunnel = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tunnel, TUNSETIFF, struct.pack("16sH", INTERFACE.encode(), IFF_TUN_NO_PI))
    for command in (
        ("link", "set", "lo", "up"),
        ("address", "add", f"{address}/24", "dev", INTERFACE),
        ("link", "set", INTERFACE, "up"),
    ):
        subprocess.run(("ip", *command), check=True, capture_output=True)
    return tunnel, kinds


def make_end(address):
    """Returns how the network is entered, what keeps it, and its tunnel."""
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        ours.close()
        try:
            tunnel, kinds = enter_own_network(address)
        except (OSError, subprocess.CalledProcessError) as error:
            theirs.send(str(error).encode())
            os._exit(1)
        theirs.sendmsg(
            [b"+" + " ".join(kinds).encode()],
            [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [tunnel]))],
        )
        theirs.recv(1)
        os._exit(0)
    theirs.close()
    word, extra, _, _ = ours.recvmsg(1024, socket.CMSG_SPACE(4))
    if not word.startswith(b"+"):
        os.waitpid(pid, 0)
        raise OSError(word.decode(errors="replace") or "the network could not be made")
    kinds = word[1:].decode().split()
    enter = [f"--{kind}=/proc/{pid}/ns/{kind}" for kind in kinds]
    if "user" in kinds:
        enter.append("--preserve-credentials")
    return enter, ours, struct.unpack("i", extra[0][2][:4])[0]


class Path:
    """One way."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.rate = 0
        self.delay = 0
        self.loss = 0
        self.queue = 500
        self.busy = 0.0
        self.passed = 0
        self.dropped = 0

    def get_due(self, size, now):
        """When a packet comes out, or None if it does not."""
        begin = max(self.busy, now)
        if begin - now > self.queue / 1000 or self.random.random() < self.loss:
            self.dropped += 1
            return None
        self.busy = begin + size * 8 / self.rate if self.rate > 0 else now
        self.passed += size
        return self.busy + self.delay / 1000


class Shaper:
    def __init__(self, tunnels):
        self.tunnels = tunnels
        self.paths = [Path(4711), Path(815)]
        self.waiting = []
        self.number = 0
        self.since = time.monotonic()
        self.text = b""

    def take(self, end):
        while True:
            try:
                packet = os.read(self.tunnels[end], MAX_PACKET)
            except BlockingIOError:
                return
            due = self.paths[end].get_due(len(packet), time.monotonic())
            if due is not None:
                self.number += 1
                heapq.heappush(self.waiting, (due, self.number, 1 - end, packet))

    def give(self):
        now = time.monotonic()
        while self.waiting and self.waiting[0][0] <= now:
            _, _, end, packet = heapq.heappop(self.waiting)
            try:
                os.write(self.tunnels[end], packet)
            except OSError:
                pass

    def change(self, wanted):
        now = time.monotonic()
        report = {
            "seconds": round(now - self.since, 3),
            "kbps": [round(path.passed * 8 / 1000 / max(now - self.since, 0.001))
                     for path in self.paths],
            "dropped": [path.dropped for path in self.paths],
        }
        self.since = now
        for path in self.paths:
            path.passed = path.dropped = 0
            path.busy = 0.0
            for name in ("rate", "delay", "loss", "queue"):
                setattr(path, name, wanted.get(name, getattr(path, name)))
        print(json.dumps({"was": report}), flush=True)

    def read_commands(self):
        data = os.read(0, 4096)
        self.text += data
        *lines, self.text = self.text.split(b"\n")
        for line in lines:
            self.change(json.loads(line))
        return len(data) > 0

    def run(self):
        while True:
            wait = None
            if self.waiting:
                wait = max(self.waiting[0][0] - time.monotonic(), 0)
            ready, _, _ = select.select([0, *self.tunnels], [], [], wait)
            for end in (0, 1):
                if self.tunnels[end] in ready:
                    self.take(end)
            self.give()
            if 0 in ready and not self.read_commands():
                return


def main():
    ends = []
    try:
        for address in ADDRESSES:
            ends.append(make_end(address))
    except OSError as error:
        print(json.dumps({"ready": False, "why": str(error)}), flush=True)
        return SKIPPED
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    print(json.dumps({"ready": True, "ends": [
        {"enter": end[0], "address": address} for end, address in zip(ends, ADDRESSES)
    ]}), flush=True)
    Shaper([end[2] for end in ends]).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
