"""What a reporter's script does: pulls the Meta requests out of captures, and nothing else. A line of JSON for each."""

import sys
from pathlib import Path

import orjson

PIXEL = ("https://www.facebook.com/tr?", "https://www.facebook.com/tr/")


def found(name):
    """The Meta requests of one capture."""
    for index, entry in enumerate(orjson.loads(Path(name).read_bytes())["log"]["entries"]):
        request = entry["request"]
        if request["url"].startswith(PIXEL):
            body = request.get("postData", {}).get("text")
            cookies = [cookie["name"] for cookie in request.get("cookies", [])]
            yield [name, index, entry["startedDateTime"], request["url"], body, cookies]


for name in sys.argv[1:]:
    try:
        for row in found(name):
            sys.stdout.buffer.write(orjson.dumps(row) + b"\n")
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        print(f"{name}: {error!r}", file=sys.stderr)
