#!/usr/bin/env python3
"""Prints a document's blocks of one role as a shell script. usage: readme.py [FILE.md] ROLE SECTION [FROM=TO...]

A block belongs to the role in its fence (```sh service) and to the section whose heading begins with SECTION. FROM=TO replaces text:
what stands for another machine in the document (the README unless another is named), ports and paths, is filled in by the test.
"""
import pathlib
import sys

document = sys.argv.pop(1) if sys.argv[1].endswith(".md") else "README.md"
role, section, *replacements = sys.argv[1:]
text = (pathlib.Path(__file__).parent.parent / document).read_text()
blocks, heading, block = [], "", None
for line in text.splitlines():
    if block is not None:
        if line.startswith("```"):
            blocks.append("\n".join(block))
            block = None
        else:
            block.append(line)
    elif line.startswith("## "):
        heading = line[3:]
    elif line == f"```sh {role}" and heading.startswith(section):
        block = []
if not blocks:
    raise SystemExit(f"no block of {role} in section {section!r}")
script = "\n".join(blocks)
for replacement in replacements:
    old, new = replacement.split("=", 1)
    if old not in script:
        raise SystemExit(f"{document}'s blocks of {role} in {section!r} do not say {old!r}")
    script = script.replace(old, new)
print(script)
