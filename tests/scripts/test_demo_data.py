"""The demo data hold together: ids, references, languages, lengths, and no personal data."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from app.taxonomy.models import application_fields

Record = dict[str, Any]

DATA = Path(__file__).parents[2] / "scripts" / "demo_data"
LANGUAGES = {"de", "fr", "en"}
PASSAGE_KINDS = {"capability", "reference", "offer"}
ORGANISATION_KINDS = {"startup", "company", "research", "public_body", "intermediary"}
CHALLENGE_STATES = {"open": 9, "in_review": 2, "draft": 1, "closed": 2}
OWNER_KINDS = {"public_body", "company", "intermediary"}
PROFILE_KINDS = {"company": 35, "research": 35, "intermediary": 20}
TRANSLATED_PARTS = {"title", "summary", "need", "requirements"}
FOLDER_LIMIT_BYTES = 1_200_000
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w+|\[mail\]|\[tel\]")
PHONE = re.compile(r"\+\d{2}[\s\d/()-]{7,}|\(\d{3}\)\s?\d{3}-\d{4}|\b0\d{2,4}[ /-]\d{5,}")


def read(name: str) -> list[Record]:
    lines = (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def strings(value: object) -> Iterator[str]:
    """Every string inside a record, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def words(text: str) -> int:
    return len(text.split())


CLUSTERS = read("clusters")
ORGANISATIONS = read("sample_organisations")
SOLVERS = [each for each in ORGANISATIONS if each["kind"] != "public_body"]
CLUSTER_SLUGS = {cluster["slug"] for cluster in CLUSTERS}
CHALLENGES = read("sample_challenges")
EVIDENCE = read("expected_evidence")
REAL_CHALLENGES = read("real_challenges")
REAL_PROFILES = read("real_profiles")
KEYS = [
    ("clusters", "slug"),
    ("sample_organisations", "slug"),
    ("sample_challenges", "slug"),
    ("real_challenges", "id"),
    ("real_profiles", "id"),
]


@pytest.mark.parametrize(("name", "key"), KEYS)
def test_keys_are_unique(name: str, key: str) -> None:
    counts = Counter(record[key] for record in read(name))
    assert [value for value, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("name", [*(name for name, _ in KEYS), "sample_responses"])
def test_no_text_holds_an_address_or_a_phone_number(name: str) -> None:
    found = [text for text in strings(read(name)) if EMAIL.search(text) or PHONE.search(text)]
    assert found == []


@pytest.mark.parametrize("text", ["write to a.b@c.org", "call +49 40 1234567", "[mail]"])
def test_the_search_for_personal_data_finds_it(text: str) -> None:
    assert EMAIL.search(text) or PHONE.search(text)


def test_the_folder_stays_small() -> None:
    assert sum(path.stat().st_size for path in DATA.iterdir()) < FOLDER_LIMIT_BYTES


def test_all_clusters_are_there_with_their_source() -> None:
    assert Counter(cluster["country"] for cluster in CLUSTERS) == {"DE": 9, "NO": 7, "FR": 8}
    assert all(cluster["source"] and cluster["summary"] for cluster in CLUSTERS)
    assert {cluster["lang"] for cluster in CLUSTERS} == LANGUAGES


def test_enough_organisations_in_each_language_and_kind() -> None:
    by_language = Counter(each["lang"] for each in ORGANISATIONS)
    by_kind = Counter(each["kind"] for each in ORGANISATIONS)
    assert len(ORGANISATIONS) >= 72
    assert by_language["de"] >= 30
    assert by_language["fr"] >= 26
    assert by_language["en"] >= 16
    assert set(by_kind) == ORGANISATION_KINDS
    assert by_kind["public_body"] >= 6


def test_organisations_refer_to_known_clusters_and_fields() -> None:
    fields = set(application_fields())
    for each in ORGANISATIONS:
        assert set(each["clusters"]) <= CLUSTER_SLUGS, each["slug"]
        assert len(each["clusters"]) <= 2, each["slug"]
        assert each["fields"], each["slug"]
        assert set(each["fields"]) <= fields, each["slug"]


def test_every_cluster_has_members_and_some_organisations_have_no_cluster() -> None:
    members = Counter(slug for each in ORGANISATIONS for slug in each["clusters"])
    assert {slug for slug in CLUSTER_SLUGS if members[slug] < 2} == set()
    assert sum(not each["clusters"] for each in SOLVERS) >= 8


def test_invented_organisations_say_so_and_link_nowhere_real() -> None:
    for each in ORGANISATIONS:
        assert each["is_sample"] is True
        assert urlsplit(each["website"]).hostname == f"{each['slug']}.example"


def test_solvers_have_four_to_seven_passages_of_some_length() -> None:
    for each in SOLVERS:
        assert 4 <= len(each["passages"]) <= 7, each["slug"]
        for passage in each["passages"]:
            assert 35 <= words(passage["text"]) <= 90, (each["slug"], passage["title"])


def test_every_passage_names_its_kind_language_and_source() -> None:
    for each in ORGANISATIONS:
        assert each["lang"] in LANGUAGES
        for passage in each["passages"]:
            assert passage["kind"] in PASSAGE_KINDS, each["slug"]
            assert passage["lang"] in LANGUAGES, each["slug"]
            assert passage["source"], each["slug"]


def test_no_two_passages_are_the_same() -> None:
    texts = Counter(passage["text"] for each in ORGANISATIONS for passage in each["passages"])
    assert texts.most_common(1)[0][1] == 1


def test_challenges_cover_the_languages_and_states() -> None:
    assert Counter(each["lang"] for each in CHALLENGES) == {"de": 6, "fr": 5, "en": 3}
    assert Counter(each["state"] for each in CHALLENGES) == CHALLENGE_STATES


def test_challenges_refer_to_known_owners_clusters_and_fields() -> None:
    owners = {each["slug"] for each in ORGANISATIONS if each["kind"] in {"public_body", "company"}}
    fields = set(application_fields())
    for each in CHALLENGES:
        assert each["owner"] in owners, each["slug"]
        assert each["curating_cluster"] in CLUSTER_SLUGS, each["slug"]
        assert each["fields"], each["slug"]
        assert set(each["fields"]) <= fields, each["slug"]


def test_challenges_are_complete() -> None:
    for each in CHALLENGES:
        assert 150 <= words(each["need"]) <= 300, each["slug"]
        assert 4 <= len(each["requirements"]) <= 6, each["slug"]
        assert any(requirement["must"] for requirement in each["requirements"]), each["slug"]
        for part in ("success_measure", "conditions", "what_happens_next", "budget_reason"):
            assert each[part], (each["slug"], part)


def test_challenge_dates_agree_with_their_state() -> None:
    for each in CHALLENGES:
        opens, closes = each["opens_in_days"], each["closes_in_days"]
        assert opens < closes < each["decision_in_days"], each["slug"]
        assert (opens < 0) == (each["state"] in {"open", "closed"}), each["slug"]
        assert (closes < 0) == (each["state"] == "closed"), each["slug"]


def test_translations_cover_the_other_two_languages_in_full() -> None:
    translated = [each for each in CHALLENGES if each["translations"]]
    assert len(translated) == 5
    for each in translated:
        assert set(each["translations"]) == LANGUAGES - {each["lang"]}, each["slug"]
        for translation in each["translations"].values():
            assert set(translation) == TRANSLATED_PARTS, each["slug"]
            assert len(translation["requirements"]) == len(each["requirements"]), each["slug"]
            assert 0.7 < words(translation["need"]) / words(each["need"]) < 1.4, each["slug"]


@pytest.mark.parametrize("each", REAL_CHALLENGES + REAL_PROFILES, ids=lambda each: each["id"])
def test_every_real_item_names_its_source_and_licence(each: Record) -> None:
    assert each["source"]
    assert each["licence"]
    assert each["lang"] in LANGUAGES


def test_real_challenges_are_enough_and_readable() -> None:
    by_language = Counter(each["lang"] for each in REAL_CHALLENGES)
    assert by_language["en"] >= 25
    assert by_language["fr"] >= 28
    assert by_language["de"] >= 5
    for each in REAL_CHALLENGES:
        assert each["title"], each["id"]
        assert each["owner"], each["id"]
        assert each["owner_kind"] in OWNER_KINDS, each["id"]
        assert 400 <= len(each["text"]) <= 2500, each["id"]


def test_real_profiles_are_enough_and_their_passages_short() -> None:
    assert Counter(each["kind"] for each in REAL_PROFILES) == PROFILE_KINDS
    for each in REAL_PROFILES:
        assert 1 <= len(each["passages"]) <= 3, each["id"]
        for passage in each["passages"]:
            assert passage["kind"] in PASSAGE_KINDS, each["id"]
            assert passage["lang"] in LANGUAGES, each["id"]
            assert passage["source"], each["id"]
            assert 100 <= len(passage["text"]) <= 700, (each["id"], passage["title"])


def test_expected_evidence_covers_every_requirement_at_least_twice() -> None:
    known = {each["slug"] for each in ORGANISATIONS}
    expected = {
        (each["slug"], number) for each in CHALLENGES for number in range(len(each["requirements"]))
    }
    assert {(each["challenge"], each["requirement"]) for each in EVIDENCE} == expected
    for each in EVIDENCE:
        assert len(set(each["organisations"])) >= 2, each
        assert set(each["organisations"]) <= known, each


def test_each_challenge_has_a_candidate_outside_its_cluster() -> None:
    clusters = {each["slug"]: each["clusters"] for each in ORGANISATIONS}
    for challenge in CHALLENGES:
        candidates = {
            slug
            for each in EVIDENCE
            if each["challenge"] == challenge["slug"]
            for slug in each["organisations"]
        }
        home = challenge["curating_cluster"]
        assert any(home not in clusters[slug] for slug in candidates), challenge["slug"]
