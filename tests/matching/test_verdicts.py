"""How often verdicts are right, band by band; and what readers said of the demo's passages."""

from matching.evaluation.verdicts import Grade, Judged, bands, bands_table
from scripts.demo_documents import demo_needs, demo_profiles, expected_evidence, judged_evidence

PAIRS = [
    Judged(0.1, is_expected=False),
    Judged(0.5, is_expected=False, grade=Grade.NO),
    Judged(0.6, is_expected=True, grade=Grade.IN_PART),
    Judged(0.9, is_expected=True, grade=Grade.MEETS),
]


def test_each_band_tells_the_shares_of_its_own_pairs() -> None:
    weak, middle, strong = bands(PAIRS, [0, 0.5, 0.7, 1])

    assert (weak.pairs, weak.expected, weak.read, weak.meets) == (1, 0, 0, None)
    assert (middle.pairs, middle.expected, middle.read) == (2, 0.5, 2)
    assert (middle.meets, middle.at_least_in_part) == (0, 0.5)
    assert (strong.pairs, strong.meets, strong.at_least_in_part) == (1, 1, 1)


def test_the_table_says_where_nobody_has_read() -> None:
    lines = bands_table(bands(PAIRS, [0, 0.5, 0.7])).splitlines()

    assert lines[2] == "| 0.00 to 0.50 | 1 | 0% | 0 | – | – |"
    assert lines[3] == "| 0.50 to 0.70 | 2 | 50% | 2 | 0% | 50% |"


def test_what_was_read_is_in_the_demo() -> None:
    """Each judgement names a requirement, a version and a passage that exist."""
    needs = demo_needs()
    passages = {
        (profile.key, passage.key) for profile in demo_profiles() for passage in profile.passages
    }

    for challenge, language, requirement, organisation, passage in judged_evidence():
        asked = {each.key for each in needs[challenge][language].requirements}
        assert requirement in asked
        assert (organisation, passage) in passages


def test_readers_and_authors_agree_mostly() -> None:
    expected = expected_evidence()
    agreed = [
        (grade is not Grade.NO) == (organisation in expected.get((challenge, requirement), ()))
        for (challenge, _, requirement, organisation, _), grade in judged_evidence().items()
    ]

    assert len(agreed) > 200
    assert sum(agreed) / len(agreed) > 0.9
