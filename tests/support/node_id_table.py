"""Writes node ids as Python computes them: one JSON array [parts, id] a line.

Depends on nothing but the standard library, so that the table is independent of this project's
code. Only characters of Unicode 3.2 are in it, whose tables every interpreter has: of later ones it
depends on the interpreter which are printable.
"""

import hashlib
import json
import sys
import unicodedata
from base64 import urlsafe_b64encode

PLACE = ["cloud", "account", "region", "zone"]
PER_CATEGORY = 60


def node_id(parts):
    digest = hashlib.blake2b(str(tuple(parts)).encode("utf-8"), digest_size=16).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def samples():
    """Characters of every category of the basic plane, the first and last of each among them."""
    by_category = {}
    for code in range(0x10000):
        category = unicodedata.ucd_3_2_0.category(chr(code))
        if category != "Cs" and (category != "Cn" or noncharacter(code)):
            by_category.setdefault(category, []).append(chr(code))
    for category in sorted(by_category):
        found = by_category[category]
        step = max(1, len(found) // PER_CATEGORY)
        yield from sorted(set(found[::step]) | {found[0], found[-1]})


def noncharacter(code):
    """Never assigned in any version."""
    return 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE


def rows():
    # Digits of other scripts, accents, signs: alone, in the middle, and beside each kind of quote.
    for character in samples():
        yield ["kind", *PLACE, "id", character]
        yield ["kind", *PLACE, f"a{character}b'", f'{character}"{character}']
    for code in range(0x100):
        character = chr(code)
        yield ["kind", *PLACE, character, f"{character}{character} x"]
        yield ["kind", *PLACE, f"'{character}", f"'\"{character}"]
    for code in [0x10300, 0x10FFFF, 0x1F600, 0x1D11E, 0x20000, 0xE0001, 0xE0100, 0xF0000, 0x1D173]:
        yield ["kind", *PLACE, chr(code), f"{chr(code)}'{chr(code)}"]
    quotes = ["", "'", '"', "'\"", "\\", "\\'", '\\"', "''", '""', "\\\\n", "\\n", "\n", "\t", "\r"]
    for first in quotes:
        for second in quotes:
            yield ["kind", *PLACE, first, second]
    for number in [0, 1, -1, 7, 123, 2**31, 2**32, 2**53 - 1, -(2**53) + 1]:
        yield ["kind", *PLACE, number, "name"]
        yield ["kind", "cloud", number, "region", "zone", "id", str(number)]
    for value in [None, True, False]:
        for position in range(7):
            parts = ["kind", *PLACE, "id", "name"]
            parts[position] = value
            yield parts
    for length in [1, 10, 100, 1000, 5000]:
        yield ["kind", *PLACE, "x" * length, "é" * length]


for row in rows():
    sys.stdout.write(json.dumps([row, node_id(row)]) + "\n")
