#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be told of the Flatpak manifest without building it."""

import os
import re
import unittest

import yaml

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
APP_ID = "io.github.alcove.Alcove"
PATH = os.path.join(ROOT, "flatpak", APP_ID + ".yml")

ALLOWED = {
    "--share=network", "--share=ipc", "--socket=wayland", "--socket=fallback-x11",
    "--socket=pulseaudio", "--device=dri", "--system-talk-name=org.freedesktop.Avahi",
    "--filesystem=xdg-videos/Alcove:create",
}


class Manifest(unittest.TestCase):
    def setUp(self):
        with open(PATH, encoding="utf-8") as file:
            self.text = file.read()
        self.manifest = yaml.safe_load(self.text)

    def test_runtime(self):
        self.assertEqual(self.manifest["id"], APP_ID)
        self.assertEqual(self.manifest["runtime"], "org.gnome.Platform")
        self.assertEqual(self.manifest["sdk"], "org.gnome.Sdk")
        # A bare 50 would be a number, and flatpak-builder wants a text.
        self.assertIsInstance(self.manifest["runtime-version"], str)
        self.assertGreaterEqual(int(self.manifest["runtime-version"]), 49)
        self.assertEqual(self.manifest["command"], "alcove")

    def test_permissions(self):
        given = self.manifest["finish-args"]
        self.assertEqual(len(given), len(set(given)))
        self.assertEqual(set(given) - ALLOWED, set(), "more than the program needs")
        for needed in ("--share=network", "--socket=wayland", "--socket=pulseaudio"):
            self.assertIn(needed, given)

    def test_permissions_explained(self):
        lines = self.text.splitlines()
        for number, line in enumerate(lines):
            if re.match(r"  - --", line):
                self.assertRegex(lines[number - 1], r"^  # \S", f"{line.strip()}: why?")

    def test_modules(self):
        names = [module["name"] for module in self.manifest["modules"]]
        self.assertEqual(names[-1], "alcove")
        for module in self.manifest["modules"]:
            self.assertIn(module["buildsystem"], ("meson", "cmake-ninja"))
            for source in module["sources"]:
                if source["type"] == "git":
                    self.assertTrue(source["url"].startswith("https://"))
                    self.assertRegex(source["commit"], r"^[0-9a-f]{40}$", "pinned")
                elif source["type"] == "archive":
                    self.assertRegex(source["sha256"], r"^[0-9a-f]{64}$", "pinned")
                else:
                    self.assertEqual(source["type"], "dir")
                    path = os.path.join(os.path.dirname(PATH), source["path"])
                    self.assertTrue(os.path.samefile(path, ROOT))

    def test_names_agree(self):
        with open(os.path.join(ROOT, "meson.build"), encoding="utf-8") as file:
            self.assertIn(f"app_id = '{APP_ID}'", file.read())


if __name__ == "__main__":
    unittest.main()
