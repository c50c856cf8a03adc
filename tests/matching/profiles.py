"""Small profiles and needs for the tests of the library."""

from matching import Need, Passage, PassageKind, Profile, Requirement


def make_profile(key: str, *texts: str, lang: str = "en") -> Profile:
    """A profile with one capability a text; passage keys are ``<key>-<number from 1>``."""
    return Profile(
        key,
        tuple(
            Passage(f"{key}-{number}", PassageKind.CAPABILITY, text, lang)
            for number, text in enumerate(texts, 1)
        ),
    )


def make_need(title: str = "", text: str = "", *, must: tuple[str, ...] = (), **more: str) -> Need:
    """A need with one must a text; requirement keys are ``r1``, ``r2`` and so on."""
    requirements = tuple(Requirement(f"r{n}", each) for n, each in enumerate(must, 1))
    return Need("need", title, text, more.get("lang", "en"), requirements)


SOLAR = make_profile(
    "solar",
    "We install solar panels on warehouse roofs.",
    "Founded by two sisters. Our battery containers store solar power overnight.",
)
HARBOUR = make_profile("harbour", "Our pilots guide container ships into the harbour.")
LAW = make_profile("law", "We advise founders on contract law and patents.")
BAKERY = make_profile("bakery", "Fresh bread for canteens, baked every morning.")
EVERYONE = (SOLAR, HARBOUR, LAW, BAKERY)
STORAGE = make_need(
    "Storage of solar power",
    "The port wants to use the power of its solar roofs after sunset.",
    must=("battery that stores solar power overnight", "wedding photographs"),
)
