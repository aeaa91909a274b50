"""Prints the pixels of a PNG file by the standard alone (ISO/IEC 15948): width, height, then one
line of hexadecimal red-green-blue-opacity for each row: png_pixels.py FILE"""

import struct
import sys
import zlib


def pixels(data):
    assert data[:8] == b"\x89PNG\r\n\x1a\n", "not PNG"
    at, body, palette, opacities = 8, b"", b"", b""
    while at < len(data):
        (size,), kind = struct.unpack(">I", data[at : at + 4]), data[at + 4 : at + 8]
        content = data[at + 8 : at + 8 + size]
        (check,) = struct.unpack(">I", data[at + 8 + size : at + 12 + size])
        assert zlib.crc32(kind + content) == check, "wrong checksum"
        if kind == b"IHDR":
            width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", content)
        elif kind == b"PLTE":
            palette = content
        elif kind == b"tRNS":
            opacities = content
        elif kind == b"IDAT":
            body += content
        at += 12 + size
    assert interlaced == 0
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    raw = zlib.decompress(body)
    step, line = max(1, channels * depth // 8), (width * channels * depth + 7) // 8
    before, rows = bytearray(line), []
    for y in range(height):
        kind, row = raw[y * (line + 1)], bytearray(raw[y * (line + 1) + 1 : (y + 1) * (line + 1)])
        for i in range(line):
            left = row[i - step] if i >= step else 0
            up, corner = before[i], before[i - step] if i >= step else 0
            if kind == 1:
                row[i] = (row[i] + left) & 255
            elif kind == 2:
                row[i] = (row[i] + up) & 255
            elif kind == 3:
                row[i] = (row[i] + (left + up) // 2) & 255
            elif kind == 4:
                guess = left + up - corner
                near = [abs(guess - left), abs(guess - up), abs(guess - corner)]
                row[i] = (row[i] + (left, up, corner)[near.index(min(near))]) & 255
        rows.append(bytes(row))
        before = row
    return width, height, [unpacked(row, width, depth, colour, palette, opacities) for row in rows]


def unpacked(row, width, depth, colour, palette, opacities):
    if colour == 3:
        places = [row[x * depth // 8] >> (8 - depth - x * depth % 8) & (1 << depth) - 1 for x in range(width)]
        return b"".join(
            palette[3 * p : 3 * p + 3] + bytes([opacities[p] if p < len(opacities) else 255])
            for p in places
        )
    assert depth == 8
    if colour == 6:
        return row
    if colour == 2:
        return b"".join(row[3 * x : 3 * x + 3] + b"\xff" for x in range(width))
    return b"".join(bytes([row[x]] * 3 + [255]) for x in range(width))


if __name__ == "__main__":
    width, height, rows = pixels(open(sys.argv[1], "rb").read())
    print(width, height)
    for row in rows:
        print(row.hex())
