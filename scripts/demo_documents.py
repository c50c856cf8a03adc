"""The demo's organisations and challenges as profiles and needs of the matching library."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from matching import Need, Passage, PassageKind, Profile, Requirement
from matching.evaluation.verdicts import Grade

FOLDER = Path(__file__).parent / "demo_data"


def demo_profiles() -> list[Profile]:
    """The invented organisations; each speaks one language, all speak of the same region."""
    return [_profile(fields) for fields in records("sample_organisations.jsonl")]


def demo_needs() -> dict[str, dict[str, Need]]:
    """By challenge, then by language; requirement keys are "0", "1" and so on."""
    needs = {}
    for fields in records("sample_challenges.jsonl"):
        asked = [requirement["text"] for requirement in fields["requirements"]]
        original = {**fields, "requirements": asked}
        versions = {fields["lang"]: original, **fields.get("translations", {})}
        musts = [requirement["must"] for requirement in fields["requirements"]]
        needs[fields["slug"]] = {
            language: _need(fields["slug"], language, version, musts)
            for language, version in versions.items()
        }
    return needs


def expected_evidence() -> dict[tuple[str, str], set[str]]:
    """The organisations that meet a requirement, by challenge and requirement key."""
    return {
        (fields["challenge"], str(fields["requirement"])): set(fields["organisations"])
        for fields in records("expected_evidence.jsonl")
    }


def judged_evidence() -> dict[tuple[str, str, str, str, str], Grade]:
    """What a reader said of single passages, by challenge, language, requirement key, organisation
    and passage key.
    """
    return {
        (
            fields["challenge"],
            fields["language"],
            str(fields["requirement"]),
            fields["organisation"],
            fields["passage"],
        ): Grade(fields["grade"])
        for fields in records("judged_evidence.jsonl")
    }


def records(name: str) -> Iterator[dict[str, Any]]:
    """The objects of a file of the demo, one a line."""
    for line in (FOLDER / name).read_text().splitlines():
        yield json.loads(line)


def _profile(fields: dict[str, Any]) -> Profile:
    passages = [
        Passage(
            str(number),
            PassageKind(passage["kind"]),
            passage["text"],
            passage["lang"],
            passage["source"],
            passage["title"],
        )
        for number, passage in enumerate(fields["passages"])
    ]
    summary = Passage("summary", PassageKind.DESCRIPTION, fields["summary"], fields["lang"])
    return Profile(fields["slug"], (summary, *passages), fields["name"])


def _need(key: str, language: str, fields: dict[str, Any], musts: list[bool]) -> Need:
    """A version of a challenge; translations list the texts of the requirements alone."""
    requirements = [
        Requirement(str(number), text, must)
        for number, (text, must) in enumerate(zip(fields["requirements"], musts, strict=True))
    ]
    text = f"{fields['summary']}\n{fields['need']}"
    return Need(key, fields["title"], text, language, tuple(requirements))
