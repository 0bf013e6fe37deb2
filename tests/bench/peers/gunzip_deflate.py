"""Unpacks .gz files with libdeflate, into nothing: what stands in for libdeflate-gunzip where that is not installed."""

import sys
from pathlib import Path

import deflate

for name in sys.argv[1:]:
    packed = Path(name).read_bytes()
    # The last four bytes say how long the text is.
    deflate.gzip_decompress(packed, int.from_bytes(packed[-4:], "little"))
