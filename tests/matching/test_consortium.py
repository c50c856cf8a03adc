"""Who together can do it all."""

import pytest

from matching import Consortia, Match, Need, Verdict, consortia
from tests.matching.matches import asking, make_match, make_matches


def sets(found: Consortia) -> list[tuple[str, ...]]:
    return [proposal.partners for proposal in found.proposals]


def test_two_who_cover_everything_come_before_three() -> None:
    need = asking("dig", "pump", "measure")
    matches = make_matches(
        need,
        {
            "pipes": {"dig": 0.9},
            "pumps": {"pump": 0.9},
            "works": {"dig": 0.88, "pump": 0.88},
            "sensors": {"measure": 0.9},
        },
    )

    found = consortia(need, matches)

    assert sets(found) == [("works", "sensors"), ("pipes", "pumps", "sensors")]
    assert found.uncovered == ()
    assert found.proven


def test_nobody_in_a_proposal_is_dispensable() -> None:
    need = asking("dig", "pump")
    matches = make_matches(need, {"all": {"dig": 0.9, "pump": 0.9}, "digger": {"dig": 0.99}})

    assert sets(consortia(need, matches)) == [("all",)]


def test_one_who_adds_nothing_never_appears() -> None:
    need = asking("dig")
    matches = make_matches(need, {"baker": {"dig": 0.2}, "digger": {"dig": 0.9}})

    assert sets(consortia(need, matches)) == [("digger",)]


def test_of_equal_size_the_stronger_comes_first_then_who_grants_more_wishes_then_rank() -> None:
    need = asking("dig", wishes=("paint", "sing"))
    matches = make_matches(
        need,
        {
            "first": {"dig": 0.881},
            "wish": {"dig": 0.884, "paint": 0.9},
            "second": {"dig": 0.883},
            "strong": {"dig": 0.9},
        },
    )

    found = consortia(need, matches)

    assert sets(found) == [("strong",), ("wish",), ("first",), ("second",)]
    assert [proposal.strength for proposal in found.proposals] == [0.9, 0.88, 0.88, 0.88]
    assert [proposal.wishes for proposal in found.proposals] == [(), ("paint",), (), ()]


def test_the_matrix_has_a_line_a_requirement_and_a_cell_a_partner() -> None:
    need = asking("dig", "pump", wishes=("paint",))
    matches = make_matches(need, {"a": {"dig": 0.9, "paint": 0.8}, "b": {"pump": 0.88}})

    [proposal] = consortia(need, matches).proposals

    assert proposal.partners == ("a", "b")
    assert [[cell.verdict for cell in line] for line in proposal.matrix] == [
        [Verdict.MET, Verdict.NONE],
        [Verdict.NONE, Verdict.MET],
        [Verdict.PARTLY, Verdict.NONE],
    ]
    assert proposal.matrix[1][1].quote == "We do pump."
    assert proposal.strength == pytest.approx(0.89)


def test_a_must_nobody_covers_is_named_and_the_others_are_still_covered() -> None:
    need = asking("dig", "fly")
    matches = make_matches(need, {"digger": {"dig": 0.9, "fly": 0.8}})

    found = consortia(need, matches)

    assert (sets(found), found.uncovered) == ([("digger",)], ("fly",))


def test_what_is_partly_answered_counts_if_asked_for() -> None:
    need = asking("dig", "fly")
    matches = make_matches(need, {"digger": {"dig": 0.9, "fly": 0.8}})

    found = consortia(need, matches, least=Verdict.PARTLY)

    assert (sets(found), found.uncovered) == ([("digger",)], ())


@pytest.mark.parametrize("need", [asking(), asking(wishes=("paint",))])
def test_without_a_must_there_is_no_proposal(need: Need) -> None:
    matches = make_matches(need, {"painter": {"paint": 0.9}})

    assert consortia(need, matches) == Consortia((), ())


def test_without_candidates_every_must_is_uncovered() -> None:
    assert consortia(asking("dig", "pump"), []) == Consortia((), ("dig", "pump"))


def test_no_more_proposals_than_asked_for() -> None:
    need = asking("dig")
    matches = make_matches(need, {key: {"dig": 0.9} for key in "abcdef"})

    assert sets(consortia(need, matches, most=2)) == [("a",), ("b",)]


def test_of_many_candidates_those_who_matter_are_looked_at() -> None:
    many = [make_match(f"k{n:03}", n, dig=0.88, pump=0.0, fly=0.0) for n in range(1, 200)]
    last = make_match("last", 200, dig=0.88, pump=0.88, fly=0.0)
    only = make_match("only", 201, dig=0.0, pump=0.0, fly=0.88)

    found = consortia(asking("dig", "pump", "fly"), [*many, last, only])

    assert sets(found) == [("last", "only")]


def test_when_time_runs_out_that_is_said() -> None:
    need = asking(*(f"r{n}" for n in range(13)), "fly")
    each_covers_four = {
        f"k{n}": {f"r{(n + step) % 13}": 0.88 for step in (0, 1, 3, 9)} for n in range(13)
    }
    matches = make_matches(need, each_covers_four)

    found = consortia(need, matches, seconds=0.0)

    assert found == Consortia((), ("fly",), proven=False)
    assert [len(each) for each in sets(consortia(need, matches, most=1))] == [4]


def test_a_ranking_without_evidence_is_refused() -> None:
    with pytest.raises(ValueError, match="a has no evidence for requirement dig"):
        consortia(asking("dig"), [Match("a", 1, 10.0, {}, ())])


def test_coverage_without_evidence_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing is covered"):
        consortia(asking("dig"), [], least=Verdict.NONE)
