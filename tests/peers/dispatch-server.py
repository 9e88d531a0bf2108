#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small server of the dispatch platform that shares nothing with Alcove's own, written
from the description of the original, with those of its habits that a client has to live
with: it ends connections over bad input, and leaves rooms and names behind.

    dispatch-server.py [--port N]

It listens on 127.0.0.1 and prints JSON Lines: {"event":"listening","port":N}, then "created",
"joined", "left" and "ended". Commands on standard input, one JSON object a line:
{"cmd":"drop","name":…} cuts somebody's TCP connection. It ends when standard input does.
"""

import argparse
import asyncio
import json
import sys

import websockets

ROOT = "root"
rooms = {}  # name -> {username: session}


class Session:
    def __init__(self, socket):
        self.socket = socket
        self.room = None
        self.name = None


def say(event, **more):
    print(json.dumps({"event": event, **more}), flush=True)


async def send(session, code, value, message=""):
    await session.socket.send(json.dumps({"code": code, "value": value, "message": message}))


async def create(session, value, message):
    name = value["room_name"]
    if name in rooms:
        return 2000, -10000, "房间已经存在，创建失败"
    rooms[name] = {ROOT: session}
    session.room, session.name = name, ROOT
    say("created", room=name)
    return 2000, 10000, f"创建房间{name}成功"


async def join(session, value, message):
    room, name = value["room_name"], value["username"]
    if room not in rooms:
        return 2001, -10000, "房间不存在，加入失败"
    if name in rooms[room]:
        return 2001, -10000, "用户已经存在，加入失败"
    rooms[room][name] = session
    session.room, session.name = room, name
    say("joined", room=room, name=name)
    return 2001, 10000, "加入成功"


async def leave(session, message):
    if session.room is None:
        return
    # a root finds no root to tell, and a message is needed
    text = message["message"]
    room = rooms[session.room]
    del room[session.name]
    await send(room[ROOT], 3000, {"username": session.name}, text)
    say("left", name=session.name)
    session.room = None


async def handle(session, text):
    message = json.loads(text)
    code, value = message["code"], message.get("value")
    not_in = "你当前还未加入房间，发送失败"

    if code == 2000:
        await send(session, *await create(session, value, message))
        return
    if code == 2001:
        await send(session, *await join(session, value, message))
        return
    if code == 3000:
        await leave(session, message)
        await send(session, 10000, "")
        return
    if code not in (2002, 2003, 2004, 2005, 2022, 2222, 3001, 3002):
        await send(session, 10000, "")
        return
    if session.room is None:
        failed = -10000 if code in (2003, 2004, 2005) else 10000
        await send(session, failed, "" if failed < 0 else -10000, not_in)
        return

    room = rooms[session.room]
    member = "candidate" if code in (2004, 2005) else "sdp"
    if code in (2002, 2004):
        await send(room[ROOT], code, {"username": session.name, member: value[member]})
    elif code in (2003, 2005, 2022):
        await send(room[value["username"]], code, {"username": ROOT, member: value[member]})
    else:
        await room[value["username"]].socket.send(json.dumps(message))
    await send(session, 10000, "", "发送成功")


sessions = set()


async def serve(socket, path=None):
    session = Session(socket)
    sessions.add(session)
    try:
        # an exception of handle() ends the connection with 1011, without any clean-up
        async for text in socket:
            await handle(session, text)
    except websockets.ConnectionClosed:
        pass
    finally:
        sessions.discard(session)
        say("ended", name=session.name)

    if session.room is None or session.room not in rooms:
        return
    if session.name == ROOT:
        room = rooms.pop(session.room)
        for name, guest in room.items():
            if name != ROOT:
                guest.room = None
                await send(guest, 10001, "", f"房间{session.room}已经删除，请重新加入其他房间")
    else:
        rooms[session.room].pop(session.name, None)


async def commands(stop):
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        command = json.loads(line)
        for session in list(sessions):
            if session.name == command.get("name"):
                session.socket.transport.abort()
    stop.set_result(None)


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    stop = asyncio.get_running_loop().create_future()

    async with websockets.serve(serve, "127.0.0.1", options.port, ping_interval=20) as server:
        say("listening", port=server.sockets[0].getsockname()[1])
        task = asyncio.create_task(commands(stop))
        await stop
        await task


if __name__ == "__main__":
    import logging

    logging.disable(logging.CRITICAL)
    asyncio.run(main())
