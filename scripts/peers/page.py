#!/usr/bin/env python3
"""Puts a section into docs/interop.md, in the place of the one of that name: between its marks, or at the end.

  scripts/peers/page.py NAME < SECTION
"""
import pathlib, re, sys

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "interop.md"


def put(name, section):
    first, last = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    block = f"{first}\n{section.strip()}\n{last}"
    text = PAGE.read_text()
    if first in text:
        text = re.sub(re.escape(first) + ".*?" + re.escape(last), lambda _: block, text, flags=re.S)
    else:
        text = f"{text.rstrip()}\n\n{block}\n"
    PAGE.write_text(text)


if __name__ == "__main__":
    put(sys.argv[1], sys.stdin.read())
