"""What a page calls: itself, its pictures and scripts, and trackers, in the form their own scripts give a request.

Hosts of trackers are real, as the rules know them; every id is invented.
"""

import hashlib
import json
from urllib.parse import quote, urlencode

TEXT = "text/plain;charset=UTF-8"
FORM = "application/x-www-form-urlencoded"
BOUNDARY = "----WebKitFormBoundaryBench0000000"

STATIC_HOSTS = (
    "cdn.jsdelivr.net cdnjs.cloudflare.com fonts.gstatic.com ajax.googleapis.com unpkg.com media.pictures.example "
    "static.widgets.example player.video.example use.fonts.example maps.tiles.example"
).split()
ENDINGS = {"script": "js", "html": "html", "json": "json", "picture": "webp"}


class Call:
    """A request and the kind of answer it gets."""

    def __init__(self, url, answer="nothing", method="GET", body=None, mime=None, cookies=(), script=False):
        self.url = url
        self.answer = answer
        self.method = method
        self.body = body
        self.mime = mime
        self.cookies = list(cookies)
        self.script = script


def document(visit):
    """The page itself."""
    return Call(visit.url, "html", cookies=visit.cookies)


def static(visit, kind):
    """A file that the page is made of: its own, or somebody's else."""
    rng = visit.rng
    own = rng.random() < 0.55
    host = rng.choice((visit.site.host, visit.site.cdn)) if own else rng.choice(STATIC_HOSTS)
    path = f"/{rng.choice(('static', 'assets', 'npm', 'img', 'build'))}/{rng.randbytes(6).hex()}.{ENDINGS[kind]}"
    query = rng.choice(("", "", f"?v={rng.randrange(10**6)}", f"?w=640&q={rng.randrange(100)}&url=%2Fa%2Fb.png"))
    cookies = visit.cookies if host == visit.site.host else ()
    return Call(f"https://{host}{path}{query}", kind, cookies=cookies, script=rng.random() < 0.5)


def meta_parameters(visit, event):
    """What the Meta Pixel tells of any event."""
    now = visit.milliseconds()
    return {
        "id": f"11122233344{visit.site.number:04}",
        "ev": event,
        "dl": visit.url,
        "rl": visit.referrer,
        "if": "false",
        "ts": now,
        "sw": 1920,
        "sh": 1080,
        "v": "2.9.199",
        "r": "stable",
        "ec": visit.rng.randrange(9),
        "o": 4126,
        "fbp": dict(visit.cookies)["_fbp"],
        "it": now - 400,
        "coo": "false",
    }


def encoded(parameters):
    """Parameters as scripts write them, with %20 for a space."""
    return urlencode(parameters, quote_via=quote)


META_COOKIES = [("datr", "BenchDatr0000000000000"), ("fr", "0BenchFr..Bench.0.0"), ("c_user", "100000000000001")]


def meta_view(visit):
    """A page view by GET; some browsers are logged in to Facebook."""
    parameters = meta_parameters(visit, "PageView") | {"rqm": "GET"}
    cookies = visit.rng.choice(((), META_COOKIES[:2], META_COOKIES))
    return Call(f"https://www.facebook.com/tr/?{encoded(parameters)}", method="GET", cookies=cookies, script=True)


def meta_click(visit):
    """A click that the pixel noticed by itself."""
    button = {"classList": "btn btn-primary", "destination": "tel:02079460123", "innerText": "Call us", "tag": "a"}
    parameters = meta_parameters(visit, "SubscribedButtonClick") | {
        "es": "automatic",
        "cd[buttonFeatures]": json.dumps(button, separators=(",", ":")),
        "cd[buttonText]": "Call us",
        "cd[formFeatures]": "[]",
        "cd[pageFeatures]": json.dumps({"title": visit.title}),
        "rqm": "GET",
    }
    return Call(f"https://www.facebook.com/tr/?{encoded(parameters)}", script=True)


def meta_post(visit):
    """The page's metadata by POST, multipart."""
    page = {"title": visit.title, "meta:description": "Bienvenue – “Willkommen”"}
    parameters = meta_parameters(visit, "Microdata") | {
        "cd[Meta]": json.dumps(page, ensure_ascii=False),
        "rqm": "FGET",
    }
    part = '--{}\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    body = "".join(part.format(BOUNDARY, name, value) for name, value in parameters.items()) + f"--{BOUNDARY}--\r\n"
    mime = f"multipart/form-data; boundary={BOUNDARY}"
    return Call("https://www.facebook.com/tr/", method="POST", body=body, mime=mime, script=True)


def meta_form(visit):
    """A form that is sent, with its fields and a hashed address, by POST."""
    fields = [{"name": "email", "tag": "input", "inputType": "email"}, {"name": "message", "tag": "textarea"}]
    button = {"innerText": "", "tag": "input", "type": "submit", "value": "Book"}
    parameters = meta_parameters(visit, "SubscribedButtonClick") | {
        "es": "automatic",
        "cd[buttonFeatures]": json.dumps(button, separators=(",", ":")),
        "cd[buttonText]": "Book",
        "cd[formFeatures]": json.dumps(fields, separators=(",", ":")),
        "udff[em]": hashlib.sha256(f"tester-{visit.browser}@mail.example".encode()).hexdigest(),
    }
    return Call("https://www.facebook.com/tr/", method="POST", body=encoded(parameters), mime=FORM, script=True)


def analytics_url(visit, **more):
    """An address of Google Analytics 4."""
    parameters = {
        "v": 2,
        "tid": f"G-BENCH{visit.site.number:05}",
        "_p": visit.milliseconds(),
        "cid": visit.browser,
        "ul": "en-gb",
        "sr": "1920x1080",
        "_s": visit.rng.randrange(1, 9),
        "sid": int(visit.clock.timestamp()),
        "dl": visit.url,
        "dt": visit.title,
        "dr": visit.referrer,
        "gcs": visit.rng.choice(("G111", "G100")),
    } | more
    return f"https://region1.google-analytics.com/g/collect?{encoded(parameters)}"


def analytics_view(visit):
    """A page view."""
    return Call(analytics_url(visit, en="page_view"), method="POST", script=True)


def analytics_batch(visit):
    """Several events in one body."""
    events = ["en=scroll&epn.percent_scrolled=90", "en=click&ep.link_text=Call%20us&ep.link_url=tel%3A02079460123"]
    return Call(analytics_url(visit), method="POST", body="\r\n".join(events), mime=TEXT, script=True)


def tiktok(visit):
    """A page view told to TikTok, JSON sent as text."""
    body = {
        "event": "Pageview",
        "message_id": f"messageId-{visit.milliseconds()}-{visit.rng.randrange(10**6)}",
        "timestamp": visit.clock.isoformat(timespec="milliseconds"),
        "context": {
            "device": {"platform": "pc"},
            "user": {"anonymous_id": visit.browser},
            "pixel": {"code": f"CBENCH{visit.site.number:014}", "runtime": "1"},
            "page": {"url": visit.url, "referrer": visit.referrer},
            "userAgent": "Mozilla/5.0",
        },
        "properties": {},
    }
    text = json.dumps(body, separators=(",", ":"))
    return Call("https://analytics.tiktok.com/api/v2/pixel", method="POST", body=text, mime=TEXT, script=True)


def remarketing(visit):
    """A page told to Google Ads."""
    parameters = {"random": visit.milliseconds(), "cv": 11, "url": visit.url, "tiba": visit.title, "fmt": 4}
    host = "googleads.g.doubleclick.net/pagead/viewthroughconversion"
    return Call(f"https://{host}/{100000000 + visit.site.number}/?{encoded(parameters)}", "script", script=True)


def advertisement(visit):
    """A request for an advertisement."""
    parameters = {"iu": "/1234/home", "url": visit.url, "correlator": visit.milliseconds(), "sz": "728x90|970x250"}
    return Call(f"https://securepubads.g.doubleclick.net/gampad/ads?{encoded(parameters)}", "json", script=True)


def clarity(visit):
    """An upload of Clarity's recording."""
    envelope = ["0.7.20", 3, 1200, 900, "benchprj01", visit.browser, "s1bench", 1, 0, 0, 0]
    recording = [[visit.rng.randrange(9999), 5, n, 1, "DIV"] for n in range(60)]
    body = json.dumps({"e": envelope, "a": [[1210, 9, 44, 10, 20]], "p": recording}, separators=(",", ":"))
    return Call("https://k.clarity.ms/collect", method="POST", body=body, mime=TEXT, script=True)


def bing(visit):
    """A page view told to Microsoft's advertising."""
    parameters = {
        "ti": 100200000 + visit.site.number,
        "Ver": 2,
        "sid": "5500aa00",
        "vid": "6600bb00",
        "msclkid": "N",
        "tl": visit.title,
        "p": visit.url,
        "r": visit.referrer,
        "evt": "pageLoad",
        "rn": visit.rng.randrange(10**6),
    }
    return Call(f"https://bat.bing.com/action/0?{encoded(parameters)}", script=True)


def linkedin(visit):
    """A page view told to LinkedIn."""
    account, now = 1000000 + visit.site.number, visit.milliseconds()
    parameters = {"v": 2, "fmt": "js", "pid": account, "time": now, "url": visit.url}
    return Call(f"https://px.ads.linkedin.com/collect?{encoded(parameters)}", script=True)


def loader(visit):
    """A script of Meta or Google that the page loads; two of them hold settings of the site's account."""
    urls = {
        "https://connect.facebook.net/en_GB/fbevents.js": "script",
        "https://connect.facebook.net/signals/config/111222333440000?v=2.9.199&r=stable": "meta settings",
        "https://www.googletagmanager.com/gtag/js?id=G-BENCH00000": "google settings",
        f"https://www.googletagmanager.com/gtm.js?id=GTM-BENCH{visit.site.number:03}": "script",
    }
    url, answer = visit.rng.choice(list(urls.items()))
    return Call(url, answer)


TRACKERS = {
    loader: 12,
    meta_view: 30,
    meta_click: 6,
    meta_post: 6,
    meta_form: 2,
    analytics_view: 20,
    analytics_batch: 6,
    tiktok: 6,
    remarketing: 7,
    advertisement: 5,
    clarity: 5,
    bing: 4,
    linkedin: 3,
}


def tracker(visit):
    """The next call to a tracker, by how often each is met."""
    return visit.rng.choices(list(TRACKERS), list(TRACKERS.values()))[0](visit)
