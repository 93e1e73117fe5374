"""Lists what a WebAssembly module imports and exports; fails if it imports anything.

Reads the binary format directly, so that the check needs no tool beside Python.
"""

import sys


def number(data, at):
    """One LEB128 number and where it ends."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def name(data, at):
    length, at = number(data, at)
    return data[at : at + length].decode(), at + length


def sections(data):
    if data[:8] != b"\0asm\1\0\0\0":
        raise SystemExit("not a WebAssembly module")
    at = 8
    while at < len(data):
        kind = data[at]
        size, at = number(data, at + 1)
        yield kind, data[at : at + size]
        at += size


def imports(body):
    count, at = number(body, 0)
    found = []
    for _ in range(count):
        module, at = name(body, at)
        field, at = name(body, at)
        found.append(f"{module}.{field}")
        # The first import fails the check, so what follows its name need not be decoded.
        break
    return count, found


def exports(body):
    count, at = number(body, 0)
    found = []
    for _ in range(count):
        field, at = name(body, at)
        at += 1
        _, at = number(body, at)
        found.append(field)
    return found


def main(path):
    with open(path, "rb") as file:
        data = file.read()
    imported, first, exported = 0, [], []
    for kind, body in sections(data):
        if kind == 2:
            imported, first = imports(body)
        if kind == 7:
            exported = exports(body)
    drives = [field for field in exported if field.startswith("blobferry_")]
    if not drives:
        raise SystemExit("the module exports nothing of core's, so its import list proves nothing")
    if imported:
        raise SystemExit(f"core imports {imported} symbols, first {first[0]}: it must ask nobody")
    print(f"core for wasm32: {len(data):,} bytes, {', '.join(drives)} exported, 0 imports")


if __name__ == "__main__":
    main(sys.argv[1])
