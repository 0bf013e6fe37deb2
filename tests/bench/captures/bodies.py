"""Bodies of answers: scripts, pages, JSON and pictures of any size, put together from blocks that are made once.

Blocks are kept as they stand in a capture, escaped as a JSON string, so that a body costs a join and no escaping. Some
blocks are traps: what looks like a request to a tracker, or like a capture, inside a body.
"""

import base64
import json
import random

LARGE = 8 * 1024
SMALL = 400
LARGE_BLOCKS = 384
SMALL_BLOCKS = 512
PICTURE_POOL = 6 * 1024 * 1024
SPREAD = 1.3
# The script of a tracker is so many times as large as other scripts.
LOADER = 4

VERBS = "get set add has map init push bind emit load read draw open wrap find sort send trim".split()
NOUNS = "Node Item List Event Frame Token State Queue Index Style Route Model Cache Field Panel Timer Store".split()
PROSE = (
    "the of and to in a is that for it as was with be by on not he his but at are this have from or had an they "
    "which one you were her all their there been many some time very when your how said each other may most these "
    "appointment service clinic support report officer advice contact open hours “help” naïve café Zürich "
    "Überblick здравствуйте 東京 – … £20 €5 ½ ß ñ 🙂"
).split()

TRAPS = [
    '"url":"https://www.facebook.com/tr/?id=111222333444555&ev=PageView&dl=https%3A%2F%2Fwww.trap.example%2F"',
    '{"log":{"entries":[{"request":{"url":"https://www.facebook.com/tr?id=111222333444555&ev=Lead"}}]}}',
    "var u='https:\\/\\/www.facebook.com\\/tr\\/?id=111222333444555&ev=Purchase';",
    "fetch('https://www.google-analytics.com/g/collect?v=2&tid=G-TRAP000001&en=page_view')",
    'img.src="https://facebook-com.trap.example/tr?id=1&ev=PageView";',
    'r=/[\\\\"\'{}\\[\\]]+\\\\\\\\/g;s="}}]}";t="\\\\";u="{[{[";',
    "x='\\u007b\\u0022entries\\u0022\\u003a\\u005b';y=\"\t\\\"\";",
]


class Block:
    """A piece of a body: its bytes in the capture, and how many it has when they are read."""

    __slots__ = ("escaped", "length")

    def __init__(self, text):
        self.escaped = json.dumps(text, ensure_ascii=False)[1:-1].encode()
        self.length = len(text.encode())


# How the scripts end that Meta and Google make for a site's account: with what the site has switched on.
SETTINGS = {
    "meta settings": Block(
        'fbq.registerPlugin("111222333440000", {__fbEventsPlugin: 1, plugin: function(fbq, instance, config) { '
        'config.set("111222333440000", "inferredEvents", {"buttonSelector":"extended"});\n'
        'fbq.loadPlugin("inferredevents");\ninstance.optIn("111222333440000", "InferredEvents", true);\n'
        'instance.optIn("111222333440000", "FirstPartyCookies", true);\n'
        'instance.configLoaded("111222333440000"); }});\n'
    ),
    "google settings": Block(
        'var data = {"resource": {"version":"1","macros":[],"tags":[{"function":"__ccd_em_form","priority":3,'
        '"vtp_instanceDestinationId":"G-BENCH00000","tag_id":7},{"function":"__ogt_google_signals","priority":4,'
        '"vtp_googleSignals":"ENABLED","vtp_instanceDestinationId":"G-BENCH00000","tag_id":8}],"predicates":[],"rules":[]}};\n'
    ),
}


class Text:
    """Bodies of one kind of text."""

    def __init__(self, rng, line):
        self.large = [Block(grown(rng, line, LARGE)) for _ in range(LARGE_BLOCKS)]
        self.small = [Block(grown(rng, line, SMALL)) for _ in range(SMALL_BLOCKS)]

    def body(self, rng, size):
        """A body of about this size: its escaped bytes, and its length."""
        blocks = rng.choices(self.large, k=size // LARGE)
        blocks += rng.choices(self.small, k=(size % LARGE) // SMALL + 1)
        return b"".join(block.escaped for block in blocks), sum(block.length for block in blocks)


class Pictures:
    """Pictures: bytes without a pattern, in base64."""

    def __init__(self, rng):
        self.pool = base64.b64encode(rng.randbytes(PICTURE_POOL))

    def body(self, rng, size):
        """As `Text.body`; a picture larger than the pool goes through it several times."""
        size = max(32, size) // 4 * 4
        start = rng.randrange(0, len(self.pool) - 4, 4)
        pool = self.pool[start:]
        while len(pool) < size:
            pool += self.pool
        return pool[:size], size * 3 // 4


class Bodies:
    """All kinds. `mean` is the mean size in bytes of a body over all kinds."""

    # The share of each kind by number, and its mean size as a multiple of the mean of all.
    SHARES = {"script": (42, 1.45), "html": (18, 1.15), "json": (10, 0.35), "picture": (30, 0.50)}

    def __init__(self, seed):
        rng = random.Random(f"bodies {seed}")
        self.kinds = {
            "script": Text(rng, script_line),
            "html": Text(rng, html_line),
            "json": Text(rng, json_line),
            "picture": Pictures(rng),
        }

    def kind(self, rng):
        """The kind of the next answer, by the shares."""
        return rng.choices(list(self.SHARES), [share for share, _ in self.SHARES.values()])[0]

    def body(self, rng, kind, mean):
        """A body of a kind; sizes are log-normal, few large ones holding most of the bytes."""
        if kind == "nothing":
            return b"", 0
        if kind in SETTINGS:
            text, length = self.body(rng, "script", LOADER * mean)
            return text + SETTINGS[kind].escaped, length + SETTINGS[kind].length
        size = mean * self.SHARES[kind][1] * rng.lognormvariate(-SPREAD * SPREAD / 2, SPREAD)
        return self.kinds[kind].body(rng, int(size))


def grown(rng, line, size):
    """Lines until they reach a size; one block in sixteen has a trap."""
    lines = [rng.choice(TRAPS)] if rng.random() < 1 / 16 else []
    length = 0
    while length < size:
        lines.append(line(rng))
        length += len(lines[-1])
    rng.shuffle(lines)
    return "".join(lines)


def name(rng):
    """A name as programs have them."""
    return rng.choice(VERBS) + rng.choice(NOUNS) + rng.choice(("", "", str(rng.randrange(999))))


def prose(rng, words):
    """Words of running text."""
    return " ".join(rng.choices(PROSE, k=words))


def script_line(rng):
    """A statement of a minified script."""
    a, b, c = (rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(3))
    return rng.choice((
        lambda: f"function {name(rng)}({a},{b}){{return {a}.{name(rng)}({b}||{{}},{rng.randrange(9999)})}}",
        lambda: f'{a}.{name(rng)}=function({b}){{var {c}={b}.{name(rng)};"{name(rng)}"!=={c}&&e("{prose(rng, 3)}")}};',
        lambda: f"const {name(rng)}=['{name(rng)}','{name(rng)}',{rng.random():.6f}];",
        lambda: f"\n//# {prose(rng, 6)}\n",
        lambda: f'{a}.setAttribute("data-{name(rng)}","{rng.randbytes(6).hex()}");',
    ))()


def html_line(rng):
    """A line of a page."""
    return rng.choice((
        lambda: f'  <div class="{name(rng)} {name(rng)}" id="{name(rng)}">\n',
        lambda: f'    <a href="/{name(rng)}/{name(rng)}?p={rng.randrange(999)}" rel="me">{prose(rng, 4)}</a>\n',
        lambda: f"    <p>{prose(rng, 24)}.</p>\n  </div>\n",
        lambda: f'\t<img src="https://img.example/{rng.randbytes(8).hex()}.webp" alt="{prose(rng, 2)}" />\n',
        lambda: f'<script>window.{name(rng)}={{"{name(rng)}":"{prose(rng, 3)}"}};</script>\n',
    ))()


def json_line(rng):
    """An object of an answer in JSON: bodies are put together from lines and are read by nobody."""
    told = {name(rng): prose(rng, 5), name(rng): rng.randrange(10**6), name(rng): [rng.random(), None, True]}
    return json.dumps(told) + ",\n"
