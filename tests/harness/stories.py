#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of protocols and stories, from tests/stories.json.

stories.py table              what README.md holds: which cells have tests
stories.py write              writes that into README.md
stories.py exist              fails if a named test is nowhere in the sources, or README.md
                              holds another table
stories.py results BUILD [SUITE…]
                              the same table from the logs of the suites, of those named or
                              all; fails if a test of a suite that ran did not pass
"""

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / 'tests'
HOLE, NONE, GOOD, BAD, NOT_RUN = 'missing', '–', '✓', '✗', 'not run'
RESULT = re.compile(r'^\s*(not )?ok \d+ (?:- )?(.*?)(\s+# .*)?$')


def load():
    with open(TESTS / 'stories.json', encoding='utf-8') as file:
        return json.load(file)


def references(story, protocol):
    """The tests of a cell, as pairs of suite and test; None if the protocol has no such thing."""
    own = story.get(protocol, [])
    if isinstance(own, str) and own.startswith('none: '):
        return None
    return [tuple(part.replace('{p}', protocol) for part in name.split('/', 1))
            for name in story.get('all', []) + own]


def sources(suite):
    """Where a suite's tests are written."""
    live = TESTS / 'e2e' / f'{suite}.mjs'
    if live.exists():
        return [live]
    folder = TESTS / suite
    return sorted([*folder.glob('*.c'), *folder.glob('*.mjs')]) if folder.is_dir() else []


LITERAL = re.compile(r"""'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`""")


def patterns(suite, cache={}):
    """What the names of a suite's tests look like: its literals, with any text for what is put in."""
    if suite not in cache:
        found = set()
        for path in sources(suite):
            for match in LITERAL.finditer(path.read_text(encoding='utf-8')):
                literal = next(text for text in match.groups() if text is not None)
                literal = re.sub(r'\\(["\'`])', r'\1', literal)
                if 2 < len(literal) < 120:
                    found.add(literal)
        cache[suite] = [re.compile('.+'.join(map(re.escape, re.split(r'\$\{[^}]*\}', text))))
                        for text in found if re.sub(r'\$\{[^}]*\}', '', text).strip(' :/-')]
    return cache[suite]


def exists(suite, test):
    """A test's name is a literal, or has one behind its folder or its protocol."""
    parts = [test] + ([test.rsplit('/', 1)[1]] if '/' in test else [])
    if ': ' in test:
        parts.append(test.split(': ', 1)[1])
    return any(pattern.fullmatch(part) for pattern in patterns(suite) for part in parts)


def recorded(build, suite, cache={}):
    """Name and success of each test that the last run of a suite tells of; None if it never ran."""
    if suite not in cache:
        log, details = build / 'check' / f'{suite}.log', build / 'meson-logs' / f'{suite}.json'
        lines = log.read_text(encoding='utf-8', errors='replace').splitlines() if log.exists() else None
        if lines is not None and details.exists():
            for record in details.read_text(encoding='utf-8').splitlines():
                lines += json.loads(record).get('stdout', '').splitlines()
        results = None if lines is None else {}
        for line in lines or []:
            match = RESULT.match(line)
            if match:
                name = match[2].replace('\\#', '#')
                passed = not match[1] and 'SKIP' not in (match[3] or '').upper()
                results[name] = results.get(name, True) and passed
        cache[suite] = results
    return cache[suite]


def static_cell(tests):
    if tests is None:
        return NONE
    return GOOD if tests and all(exists(*test) for test in tests) else HOLE


def result_cell(tests, build, suites):
    word = static_cell(tests)
    if word != GOOD:
        return word
    for suite, test in tests:
        results = recorded(build, suite) if not suites or suite in suites else None
        if results is None:
            word = NOT_RUN if word == GOOD else word
        elif not results.get(test, False):
            word = BAD
    return word


def table(data, cell):
    rows = [['', *data['protocols']], ['---'] * (1 + len(data['protocols']))]
    for story in data['stories']:
        rows.append([story['name'],
                     *(cell(references(story, protocol)) for protocol in data['protocols'])])
    return ''.join('| ' + ' | '.join(row) + ' |\n' for row in rows)


def check_existence(data):
    missing = [f'{story["name"]}, {protocol}: {suite}/{test}'
               for story in data['stories'] for protocol in data['protocols']
               for suite, test in references(story, protocol) or [] if not exists(suite, test)]
    readme = (ROOT / 'README.md').read_text(encoding='utf-8')
    wanted = table(data, static_cell)
    for name in missing:
        print(f'no such test yet: {name}')
    if wanted not in readme:
        print(f'README.md holds another table than this:\n{wanted}')
        return 1
    return 0


def write_readme(data):
    path = ROOT / 'README.md'
    head = re.escape(table({**data, 'stories': []}, static_cell))
    text = re.sub(head + r'(\|.*\n)*', lambda match: table(data, static_cell),
                  path.read_text(encoding='utf-8'), count=1)
    path.write_text(text, encoding='utf-8')


def main():
    data = load()
    mode = sys.argv[1]
    if mode == 'table':
        print(table(data, static_cell), end='')
        return 0
    if mode == 'write':
        write_readme(data)
        return 0
    if mode == 'exist':
        return check_existence(data)
    build, suites = Path(sys.argv[2]), set(sys.argv[3:])
    text = table(data, lambda tests: result_cell(tests, build, suites))
    print(text, end='')
    return 1 if BAD in text else 0


if __name__ == '__main__':
    sys.exit(main())
