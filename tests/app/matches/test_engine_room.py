import json
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from sqlalchemy.orm import Session
from typing_extensions import override

from app.core.settings import Settings
from app.matches import queries
from app.matches.documents import need_from, need_of, profiles_of, stored_need
from app.matches.engine_room import EngineRoom, encoder_for
from matching import HashingEncoder, Need, Passage, PassageKind, Profile, Requirement
from matching.encoder import Vectors
from tests.factories.challenges import make_challenge
from tests.factories.people import make_organisation
from tests.factories.profiles import make_passage


def make_profile(key: str, text: str) -> Profile:
    return Profile(key, (Passage(f"{key}-1", PassageKind.CAPABILITY, text, "en"),))


FERRY = make_profile("1", "We build shore power connections for ferries.")
BREAD = make_profile("2", "Fresh bread for canteens, baked every morning.")
SOLAR = make_profile("3", "We install solar panels on warehouse roofs.")
NEED = Need(
    "need",
    "Shore power for ferries",
    "Ferries run their engines at berth.",
    "en",
    (Requirement("1", "shore power connections for ferries"),),
)


class ListeningEncoder(HashingEncoder):
    """Keeps the passages it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    @override
    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.heard += texts
        return super().encode_passages(texts)


@pytest.fixture
def room(tmp_path: Path) -> EngineRoom:
    return EngineRoom(HashingEncoder, tmp_path / "index")


def keys(room: EngineRoom) -> list[str]:
    return [key for key in "123" if room.explain(NEED, key) is not None]


def test_it_learns_what_is_new_and_forgets_what_is_gone(room: EngineRoom) -> None:
    room.catch_up([FERRY, BREAD])
    room.catch_up([FERRY, SOLAR])

    assert keys(room) == ["1", "3"]
    assert room.holds("1", [FERRY])
    assert room.holds("2", [])
    assert not room.holds("3", [])


def test_only_changed_profiles_are_encoded(tmp_path: Path) -> None:
    encoder = ListeningEncoder()
    room = EngineRoom(lambda: encoder, tmp_path)
    room.catch_up([FERRY, BREAD])
    encoder.heard.clear()

    room.catch_up([FERRY, BREAD, SOLAR])

    passages = [text for text in encoder.heard if text.endswith(".")]
    assert passages == ["We install solar panels on warehouse roofs."]


def test_nothing_is_loaded_before_the_first_use(tmp_path: Path) -> None:
    made: list[HashingEncoder] = []

    def make_encoder() -> HashingEncoder:
        made.append(HashingEncoder())
        return made[-1]

    room = EngineRoom(make_encoder, tmp_path)
    room.save()
    assert made == []

    room.catch_up([])
    room.catch_up([])
    assert len(made) == 1


def test_standing_by_it_has_loaded_and_saved_all(tmp_path: Path) -> None:
    encoder = ListeningEncoder()
    room = EngineRoom(lambda: encoder, tmp_path / "index")
    room.catch_up([FERRY])

    room.stand_by()

    assert EngineRoom(HashingEncoder, tmp_path / "index").holds("1", [FERRY])
    encoder.heard.clear()
    room.stand_by()
    assert encoder.heard == []


def test_a_configured_model_is_used(settings: Settings) -> None:
    configured = settings.model_copy(update={"embedding_model": "some/model"})

    assert encoder_for(configured).name == "some/model"


@pytest.mark.slow
def test_without_a_configured_model_the_bundled_pair_is_used(
    settings: Settings, model_folder: Path
) -> None:
    (settings.data_dir / "model").symlink_to(model_folder.parent.resolve())

    encoder = encoder_for(settings)

    assert encoder.name.startswith("multilingual-e5-small@")
    assert "all-MiniLM-L6-v2@" in encoder.name

    encoder.encode_needs(["Shore power"])
    assert (settings.data_dir / "needs" / "vectors.sqlite").exists()


def test_a_saved_index_is_there_after_a_restart(room: EngineRoom, tmp_path: Path) -> None:
    room.catch_up([FERRY, BREAD])
    room.save()
    encoder = ListeningEncoder()

    later = EngineRoom(lambda: encoder, tmp_path / "index")

    assert later.holds("1", [FERRY])
    assert "We build shore power connections for ferries." not in encoder.heard


def test_an_unsaved_change_is_healed_after_a_restart(room: EngineRoom, tmp_path: Path) -> None:
    room.catch_up([FERRY, BREAD])
    room.save()
    room.catch_up([FERRY, SOLAR])  # and then the power fails

    later = EngineRoom(HashingEncoder, tmp_path / "index")
    later.catch_up([FERRY, SOLAR])

    assert keys(later) == ["1", "3"]


def rewrite_model(index: Path) -> None:
    manifest = index / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "model": "another"}))


def truncate(index: Path) -> None:
    for file in index.iterdir():
        if file.name != "manifest.json":
            file.write_bytes(file.read_bytes()[:-100])


def put_something_foreign(index: Path) -> None:
    (index / "manifest.json").write_text('{"name": "a web application", "icons": []}')


def make_unreadable(index: Path) -> None:
    (index / "manifest.json").write_bytes(b"\x89\xff\x00 not a text")


DAMAGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "another model": (rewrite_model, "Its model is 'another'"),
    "truncated": (truncate, "is damaged"),
    "foreign": (put_something_foreign, "not one of a matching snapshot"),
    "unreadable": (make_unreadable, "The manifest cannot be read"),
}


@pytest.mark.parametrize(("damage", "reason"), DAMAGES.values(), ids=DAMAGES.keys())
def test_a_refused_snapshot_is_made_anew_and_the_log_says_why(
    room: EngineRoom,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    damage: Callable[[Path], None],
    reason: str,
) -> None:
    room.catch_up([FERRY])
    room.save()
    damage(tmp_path / "index")

    later = EngineRoom(HashingEncoder, tmp_path / "index")
    with caplog.at_level(logging.WARNING):
        later.catch_up([FERRY])
    later.save()
    again = EngineRoom(HashingEncoder, tmp_path / "index")

    assert reason in caplog.text
    assert later.holds("1", [FERRY])
    assert again.holds("1", [FERRY])


def test_saving_twice_writes_once(room: EngineRoom, tmp_path: Path) -> None:
    room.catch_up([FERRY])
    room.save()
    manifest = tmp_path / "index" / "manifest.json"
    manifest.unlink()

    room.save()

    assert not manifest.exists()


def test_many_profiles_are_learned_in_strides_with_progress(
    room: EngineRoom, tmp_path: Path
) -> None:
    said: list[tuple[int, int]] = []
    many = [make_profile(str(number), f"Product number {number}.") for number in range(450)]

    room.catch_up(many, report=lambda done, total: said.append((done, total)))

    assert {(0, 450), (200, 450), (400, 450)} <= set(said)
    assert (tmp_path / "index" / "manifest.json").exists(), "earlier strides are saved"


def test_the_ranking_says_what_reproduces_it(room: EngineRoom) -> None:
    room.catch_up([FERRY, BREAD])

    ranking = room.rank(NEED, eligible={"1", "2", "9"})

    assert ranking.matches[0].key == "1"
    assert ranking.engine["model"] == HashingEncoder().name
    assert set(ranking.engine) == {"model", "recipe", "weights", "library"}
    assert ranking.eligible_count == 2


def test_who_is_not_eligible_is_not_listed(room: EngineRoom) -> None:
    room.catch_up([FERRY, BREAD])

    assert room.rank(NEED, eligible={"2"}).matches == []
    assert room.rank(NEED, eligible=set()).matches == []


def test_some_more_are_explained_on_request(room: EngineRoom) -> None:
    room.catch_up([FERRY, BREAD])

    ranking = room.rank(NEED, eligible={"1", "2"}, explain=["1", "2", "unknown"])

    assert [match.key for match in ranking.explained] == ["2"], "the listed are explained already"


def test_a_need_survives_being_stored(session: Session) -> None:
    need = need_of(make_challenge())

    assert need_from(json.loads(json.dumps(stored_need(need)))) == need
    assert [requirement.must for requirement in need.requirements] == [True, False]


def test_passages_become_profiles_of_their_organisations(session: Session) -> None:
    ours = make_organisation(name="Berth Electric")
    first, second = make_passage(ours, text="One."), make_passage(ours, text="Two.")
    other = make_passage(text="Three.")

    profiles = profiles_of(queries.matchable_passages(session))

    assert [profile.key for profile in profiles] == [str(ours.id), str(other.organisation_id)]
    assert profiles[0].name == "Berth Electric"
    assert [(p.key, p.text) for p in profiles[0].passages] == [
        (str(first.id), "One."),
        (str(second.id), "Two."),
    ]


def test_unverified_organisations_have_no_profile(session: Session) -> None:
    passage = make_passage(make_organisation(is_verified=False))

    assert queries.matchable_passages(session) == []
    assert queries.matchable_passages_of(session, [passage.organisation_id]) == []
