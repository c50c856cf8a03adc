"""Who tries to climb which lists of the demo, with nothing to offer there."""

from collections.abc import Iterator
from dataclasses import dataclass

from matching import Need, Passage, PassageKind, Profile
from matching.evaluation.stuffing import Target
from scripts.demo_documents import demo_needs, demo_profiles, expected_evidence, records

CHALLENGES = (
    "landstrom-ohne-baustelle",
    "proben-ohne-wege",
    "cours-fraiches",
    "fuites-en-conduites-plastiques",
    "reuse-two-empty-schools",
    "gepaeckband-vor-dem-stillstand",
    "biopsies-urgentes-d-abord",
    "offices-below-the-peak",
)
"""All that are told in three languages, and one more of each language."""

HONEST_PROFILES = 64
WEDDINGS = {
    "en": "We photograph weddings, christenings and family feasts, in the studio and outdoors. The "
    "couple gets an album and all pictures within three weeks.",
    "de": "Wir fotografieren Hochzeiten, Taufen und Familienfeste, im Studio und im Freien. Das "
    "Paar bekommt ein Album und alle Bilder innerhalb von drei Wochen.",
    "fr": "Nous photographions les mariages, les baptêmes et les fêtes de famille, en studio et en "
    "plein air. Le couple reçoit un album et toutes les photos en trois semaines.",
}


@dataclass(frozen=True, slots=True)
class Trial:
    """A challenge read in one language, its translations, and who has nothing to offer to it."""

    need: Need
    versions: tuple[Need, ...]
    irrelevant: tuple[Profile, ...]

    def target(self, profile: Profile) -> Target:
        return Target(self.need, self.versions, profile.passages[0].text)


def photographer(language: str) -> Profile:
    """A wedding photographer who tells of the work in this language."""
    passage = Passage("weddings", PassageKind.CAPABILITY, WEDDINGS[language], language)
    return Profile("photographer", (passage,))


def crowd() -> list[Profile]:
    """Sixty-four organisations, with all that answer one of the challenges."""
    profile_by_key = {profile.key: profile for profile in demo_profiles()}
    wanted = set().union(*(answering(challenge) for challenge in CHALLENGES))
    others = sorted(profile_by_key.keys() - wanted)
    return [profile_by_key[key] for key in [*sorted(wanted), *others][:HONEST_PROFILES]]


def trials() -> Iterator[Trial]:
    """Each challenge in each of its languages. A photographer has nothing to offer, nor has the
    first organisation of the crowd that answers no requirement and works in none of its fields.
    """
    profiles = crowd()
    facts = {each["slug"]: each for each in records("sample_organisations.jsonl")}
    fields = {each["slug"]: set(each["fields"]) for each in records("sample_challenges.jsonl")}
    for challenge in CHALLENGES:
        strangers = [
            profile
            for profile in profiles
            if profile.key not in answering(challenge)
            and fields[challenge].isdisjoint(facts[profile.key]["fields"])
        ]
        versions = demo_needs()[challenge]
        for language, need in versions.items():
            others = tuple(each for other, each in versions.items() if other != language)
            yield Trial(need, others, (photographer(language), strangers[0]))


def answering(challenge: str) -> set[str]:
    """Keys of the organisations that answer a requirement of a challenge."""
    found = expected_evidence().items()
    return set().union(*(keys for (of, _), keys in found if of == challenge))


def told() -> list[Need]:
    """The challenges of the demo, each as its owner told it: what the product tells the engine."""
    return [next(iter(versions.values())) for versions in demo_needs().values()]
