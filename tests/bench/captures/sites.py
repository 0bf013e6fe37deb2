"""Invented sites, and somebody's visit of one: which page is open, what time it is, which cookies the browser has."""

from datetime import datetime, timedelta, timezone
from urllib.parse import quote

PLACES = (
    "northmoor westhaven larkfield saltmarsh kingsmere arden brannock elmstead fairhollow greywater highcombe "
    "ironbridge juniper kestrel longmead millbrook netherby oakhurst pinewood quarrydale redmarsh silverdale thornbury "
    "underhill"
).split()
SECTORS = "hospital police council charity clinic pharmacy advice university shop news bank insurance".split()

SENSITIVE = [
    ("clinics/hiv-clinic", "HIV clinic"),
    ("sexual-health/sti-testing", "STI testing"),
    ("mental-health/self-harm", "Self-harm: where to get help"),
    ("services/abortion-care", "Abortion care"),
    ("report/rape-and-sexual-assault", "Report rape or sexual assault"),
    ("advice/domestic-abuse", "Domestic abuse"),
    ("addiction/gambling-support", "Gambling support"),
    ("cancer/breast-cancer-screening", "Breast cancer screening"),
]
PLAIN = [
    ("", "Home"),
    ("contact-us", "Contact us"),
    ("about/our-people", "Our people"),
    ("news/2026/new-car-park-opens", "New car park opens"),
    ("visiting/opening-hours", "Opening hours"),
    ("shop/garden-chairs", "Garden chairs"),
    ("jobs/vacancies", "Vacancies"),
    ("fr/bienvenue-à-tous", "Bienvenue à tous"),
    ("search?q=parking+near+me", "Search results"),
    ("legal/cookies", "Cookies"),
]

START = datetime(2026, 3, 1, 8, 0, tzinfo=timezone.utc)


class Site:
    """One of the invented sites, with its accounts at the trackers."""

    COUNT = len(PLACES) * len(SECTORS)

    def __init__(self, number):
        self.number = number % self.COUNT
        place, sector = PLACES[self.number % len(PLACES)], SECTORS[self.number // len(PLACES)]
        self.name = f"{place.title()} {sector.title()}"
        self.host = f"www.{place}-{sector}.example"
        self.cdn = f"assets.{place}-{sector}.example"


class Visit:
    """A visit of a site: a clock that runs, pages that are opened one after another."""

    def __init__(self, rng, number, sensitive):
        self.rng = rng
        self.site = Site(rng.randrange(Site.COUNT))
        self.sensitive = sensitive
        self.clock = START + timedelta(seconds=61 * number)
        self.pages = []
        self.url = f"https://{self.site.host}/"
        self.referrer = "https://www.search.example/"
        self.title = self.site.name
        self.browser = f"{rng.randrange(10**9, 10**10)}.{int(self.clock.timestamp()) - rng.randrange(10**7)}"
        self.cookies = self.own_cookies()

    def own_cookies(self):
        """The cookies that the browser sends to the site itself."""
        answer = "groups=C0001%3A1%2CC0002%3A1%2CC0004%3A" + str(self.rng.randrange(2))
        return [
            ("session", self.rng.randbytes(16).hex()),
            ("_ga", f"GA1.1.{self.browser}"),
            ("_fbp", f"fb.1.{self.milliseconds()}.{self.rng.randrange(10**8, 10**9)}"),
            ("OptanonConsent", f"isGpcEnabled=0&datestamp=Sun+Mar+01+2026&version=202511.1.0&{answer}"),
        ]

    def milliseconds(self):
        """The time in milliseconds, as scripts tell it."""
        return int(self.clock.timestamp() * 1000)

    def pass_time(self, mean):
        """Lets about so many seconds go by."""
        self.clock += timedelta(milliseconds=1 + int(self.rng.expovariate(1 / mean) * 1000))

    def open_page(self):
        """Goes on to another page of the site."""
        self.pass_time(8)
        if self.pages:
            self.referrer = self.url
        paths = SENSITIVE if self.rng.random() < self.sensitive else PLAIN
        path, self.title = self.rng.choice(paths)
        self.url = f"https://{self.site.host}/" + quote(path, safe="/?=+")
        load = self.rng.randrange(300, 4000)
        page = {
            "startedDateTime": stamp(self.clock),
            "id": f"page_{len(self.pages) + 1}",
            "title": self.url,
            "pageTimings": {"onContentLoad": load + self.rng.random(), "onLoad": load * 1.7 + self.rng.random()},
        }
        self.pages.append(page)


def stamp(time):
    """A time as Chrome writes it."""
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")
