"""Prints each double of a file of hexadecimal bit patterns as ECMAScript writes it."""

import struct
import sys

from ecmascript import number

for line in open(sys.argv[1]):
    (value,) = struct.unpack(">d", bytes.fromhex(line.strip().zfill(16)))
    print(number(value))
