#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws marks as the C side does, in several sizes, and reads them back."""

import importlib.util
import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
spec = importlib.util.spec_from_file_location("marks", os.path.join(HERE, "read-marks.py"))
marks = importlib.util.module_from_spec(spec)
sys.dont_write_bytecode = True
spec.loader.exec_module(marks)

SCREEN = (1280, 800)


def draw(pixels, x0, y0, width, height, picture, counter, flip=None):
    data = [picture, counter >> 16 & 255, counter >> 8 & 255, counter & 255]
    value = int.from_bytes(bytes([marks.SYNC_PATTERN, *data, marks.check_byte(data)]), "big")
    if flip is not None:
        value ^= 1 << flip
    for y in range(height):
        for x in range(width):
            pixels[(y0 + y) * SCREEN[0] + x0 + x] = 60 + (x * 7 + y * 3) % 90
    for index in range(48):
        column, row = index % 12 + 1, index // 12 + 1
        bit = value >> (47 - index) & 1
        for y in range(height * row // 18, height * (row + 1) // 18):
            for x in range(width * column // 32, width * (column + 1) // 32):
                pixels[(y0 + y) * SCREEN[0] + x0 + x] = 255 if bit else 0


class ReadMarks(unittest.TestCase):
    def find(self, pixels):
        return sorted(mark[:2] for mark in marks.find(bytes(pixels), *SCREEN))

    def test_sizes(self):
        pixels = bytearray([40]) * (SCREEN[0] * SCREEN[1])
        draw(pixels, 3, 50, 640, 360, 1, 70000)
        draw(pixels, 660, 50, 601, 338, 2, 99)
        draw(pixels, 10, 430, 320, 180, 3, 5)
        draw(pixels, 400, 450, 214, 120, 4, 123456)
        self.assertEqual(self.find(pixels), [(1, 70000), (2, 99), (3, 5), (4, 123456)])

    def test_shape(self):
        pixels = bytearray([200]) * (SCREEN[0] * SCREEN[1])
        draw(pixels, 100, 100, 640, 480, 7, 8)
        self.assertEqual(self.find(pixels), [(7, 8)])

    def test_uneven_edge(self):
        pixels = bytearray([40]) * (SCREEN[0] * SCREEN[1])
        draw(pixels, 100, 100, 640, 360, 6, 4711)
        # the first lines of the first row, three pixels further on the right
        for y in range(120, 122):
            at = y * SCREEN[0] + 100
            pixels[at + 3:at + 643] = pixels[at:at + 640]
        self.assertEqual(self.find(pixels), [(6, 4711)])

    def test_damage(self):
        pixels = bytearray([40]) * (SCREEN[0] * SCREEN[1])
        draw(pixels, 100, 100, 640, 360, 1, 2, flip=12)
        self.assertEqual(self.find(pixels), [])


if __name__ == "__main__":
    unittest.main()
