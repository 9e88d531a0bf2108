#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the marks of Alcove's test pictures in a screenshot.

usage: read-marks.py WIDTH HEIGHT [FILE]

FILE (or standard input) holds raw grey pixels, one byte each, as
`import -window root -depth 8 gray:FILE` writes them. Prints a line for each mark:
PICTURE COUNTER X Y CELL_WIDTH CELL_HEIGHT.

The mark is laid out in src/media/alcove-test-mark.c: 12 by 4 square cells.
Its first row starts with the fixed pattern 10110010 and the upper half of the picture's
number, which is 0000 for the pictures below 16 that are looked for here. So the
runs after the first cell are black 1, white 2, black 2, white 1, black 5
or more cells long, and are found in any size without knowing where the tiles are.
"""

import re
import sys

COLUMNS, ROWS = 12, 4
SYNC_PATTERN = 0xB2
RUNS = re.compile(rb"0+|1+")
THRESHOLD = 128
MIN_CELL = 2.5


def check_byte(values):
    check = 0xFF
    for value in values:
        check ^= value
        for _ in range(8):
            check = ((check << 1) ^ 0x07 if check & 0x80 else check << 1) & 0xFF
    return check


def starts(row):
    """Yields (left edge, cell width) of what looks like the first row of a mark."""
    runs = [(m.start(), m.end() - m.start()) for m in RUNS.finditer(row)]
    for i in range(1, len(runs) - 4):
        b1, w2, b2, w1, b5 = (runs[i + k][1] for k in range(5))
        begin = runs[i][0]
        if row[begin] != 0x30:
            continue
        cell = (b1 + w2 + b2 + w1) / 6
        slack = max(1.5, cell * 0.35)
        if (cell >= MIN_CELL and abs(b1 - cell) <= slack and abs(w1 - cell) <= slack
                and abs(w2 - 2 * cell) <= slack and abs(b2 - 2 * cell) <= slack
                and b5 >= 4.5 * cell and runs[i - 1][1] >= cell - slack):
            yield begin - cell, cell


def decode(pixels, width, height, left, top, cell_w, cell_h):
    if left < 0 or left + COLUMNS * cell_w > width or top + ROWS * cell_h > height:
        return None
    bits = 0
    for row in range(ROWS):
        y = int(top + (row + 0.5) * cell_h)
        for column in range(COLUMNS):
            x = int(left + (column + 0.5) * cell_w)
            bits = bits << 1 | (pixels[y * width + x] > THRESHOLD)
    data = bits.to_bytes(6, "big")
    if data[0] != SYNC_PATTERN or data[5] != check_byte(data[1:5]):
        return None
    return data[1], int.from_bytes(data[2:5], "big")


def find(pixels, width, height):
    table = bytes(0x31 if value > THRESHOLD else 0x30 for value in range(256))
    binary = pixels.translate(table)
    open_starts = {}
    for y in range(height):
        row = binary[y * width:(y + 1) * width]
        if b"1" not in row:
            continue
        for left, cell in starts(row):
            for key, (known_left, known_cell, top, last) in open_starts.items():
                if abs(left - known_left) <= 2 and abs(cell - known_cell) <= 1 and y - last <= 2:
                    open_starts[key] = (known_left, known_cell, top, y)
                    break
            else:
                open_starts[len(open_starts)] = (left, cell, y, y)
    found_at = []
    for left, cell, top, last in open_starts.values():
        # An edge that a compressed picture moves by some pixels begins the same mark once more.
        if any(abs(left - x) < cell and abs(top - y) < cell for x, y in found_at):
            continue
        # The picture's shape decides how high a cell is; square ones are the rule.
        for cell_h in (cell, float(last - top + 1)):
            found = decode(pixels, width, height, left, top, cell, cell_h)
            if found:
                found_at.append((left, top))
                yield (*found, round(left), top, round(cell, 2), round(cell_h, 2))
                break


def main():
    width, height = int(sys.argv[1]), int(sys.argv[2])
    if len(sys.argv) > 3:
        with open(sys.argv[3], "rb") as file:
            pixels = file.read()
    else:
        pixels = sys.stdin.buffer.read()
    if len(pixels) != width * height:
        sys.exit(f"read-marks.py: {len(pixels)} bytes are not {width} by {height} grey pixels")
    for mark in find(pixels, width, height):
        print(*mark)


if __name__ == "__main__":
    main()
