"""No span, no claim."""

from matching import Evidence, HashingEncoder, MatchingEngine, Profile, Verdict
from matching.evidence import verdict_of
from matching.weights import Weights
from tests.matching.profiles import BAKERY, EVERYONE, LAW, SOLAR, STORAGE, make_need, make_profile


def evidence_of(profile: Profile, *must: str, lang: str = "en") -> list[Evidence]:
    engine = MatchingEngine(HashingEncoder()).fit([profile])
    return list(engine.explain(make_need("Request", must=must, lang=lang), profile.key).evidence)


def marked(evidence: Evidence) -> list[str]:
    return [evidence.quote[start:end] for start, end in evidence.highlights]


def test_a_requirement_that_is_answered_is_quoted() -> None:
    [answered, unanswered] = MatchingEngine(HashingEncoder()).fit([SOLAR]).rank(STORAGE)[0].evidence

    assert (answered.requirement, answered.verdict) == ("r1", Verdict.MET)
    assert answered.passage == "solar-2"
    assert answered.quote == "Our battery containers store solar power overnight."
    assert marked(answered) == ["battery", "store", "solar", "power", "overnight"]
    assert (unanswered.requirement, unanswered.verdict) == ("r2", Verdict.NONE)


def test_without_evidence_there_is_no_quote() -> None:
    for profile in (LAW, BAKERY):
        [evidence] = evidence_of(profile, "battery that stores solar power overnight")

        assert evidence.verdict is Verdict.NONE
        assert (evidence.passage, evidence.quote, evidence.highlights) == (None, "", ())


def test_a_quote_is_a_piece_of_its_passage() -> None:
    text = "Since 1990.\nWe test brakes, e.g. of trains.  And bake bread!"
    [evidence] = evidence_of(make_profile("test", text), "testing the brakes of trains")

    assert evidence.quote == "We test brakes, e.g. of trains."
    assert evidence.quote in text


def test_a_long_passage_is_searched_to_its_end() -> None:
    filler = "Our canteen serves soup and salad on every working day of the week. " * 30
    profile = make_profile("long", filler + "We calibrate seismographs.")

    [evidence] = evidence_of(profile, "calibrate seismographs")

    assert evidence.quote == "We calibrate seismographs."


def test_stop_words_are_not_marked() -> None:
    [evidence] = evidence_of(
        make_profile("test", "We test the brakes of trains."), "the brakes of trains"
    )

    assert marked(evidence) == ["brakes", "trains"]


def test_the_strength_decides_the_verdict() -> None:
    weights = Weights(met=0.75, partly=0.4)

    assert [verdict_of(strength, weights) for strength in (0.75, 0.74, 0.4, 0.39)] == [
        Verdict.MET,
        Verdict.PARTLY,
        Verdict.PARTLY,
        Verdict.NONE,
    ]


def test_inflected_words_meet_in_each_language() -> None:
    german = make_profile("de", "Wir prüfen die Bremsen von Zügen.", lang="de")
    french = make_profile("fr", "Nous testons les freins des trains.", lang="fr")

    [german_evidence] = evidence_of(german, "Prüfen der Bremse", lang="de")
    [french_evidence] = evidence_of(french, "frein de train", lang="fr")

    assert "Bremsen" in marked(german_evidence)
    assert "freins" in marked(french_evidence)


def test_without_words_learned_profiles_rank_alike() -> None:
    with_words, without = (
        MatchingEngine(HashingEncoder(), learn_words=learn).fit(EVERYONE) for learn in (True, False)
    )

    found, plain = with_words.rank(STORAGE), without.rank(STORAGE)

    assert [(m.key, m.score) for m in found] == [(m.key, m.score) for m in plain]
    assert [[e.verdict for e in m.evidence] for m in found] == [
        [e.verdict for e in m.evidence] for m in plain
    ]
