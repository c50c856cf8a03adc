"""What of a document is encoded, and in which pieces."""

import pytest

from matching import Need, Passage, PassageKind, Requirement
from matching.recipe import (
    WINDOW,
    closed,
    is_told_at_length,
    need_theme,
    theme_forms,
    window_text,
    windows,
    without_stops,
)


def passage(text: str, title: str = "") -> Passage:
    return Passage("p", PassageKind.OFFER, text, title=title)


def test_a_label_ends_like_a_sentence() -> None:
    assert [closed(t) for t in ("Baker", "Ready?", " two\n lines ", "")] == [
        "Baker.",
        "Ready?",
        "two lines.",
        "",
    ]


def test_gender_marks_are_left_out() -> None:
    assert closed("Boucher (h/f/x)") == "Boucher."
    assert closed("Bäcker (m / w / d) in Teilzeit") == "Bäcker in Teilzeit."
    assert closed("System Engineer (m./w.)") == "System Engineer."
    assert closed("Agrarberater/in (Ing)") == "Agrarberater."
    assert closed("Input (and/or output)") == "Input (and/or output)."


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("Orgelbauer/in", "Orgelbauer."),
        ("HAK-Absolvent/-in", "HAK-Absolvent."),
        ("Techniker*innen, Lehrer:innen und Schüler_innen", "Techniker, Lehrer und Schüler."),
        ("Berater(in) im Außendienst", "Berater im Außendienst."),
        ("chargé(e) de mission", "chargé de mission."),
        ("Les agent·e·s et chargé·e·s", "Les agent et chargé."),
        ("Croupier/e", "Croupier."),
        ("Matros(e)in auf See", "Matrose auf See."),
        ("Technisch(er)e Angestellte/r", "Technischer Angestellte/r."),
        ("Bergmann/-frau", "Bergmann."),
        ("Kaufmann/Kauffrau im Einzelhandel", "Kaufmann im Einzelhandel."),
        ("Krankenpfleger/-pflegerin", "Krankenpfleger."),
        ("Säckler (Ledererzeuger/in)", "Säckler (Ledererzeuger)."),
        ("Vendeur / Vendeuse en boulangerie", "Vendeur en boulangerie."),
        ("Directeur/Directrice", "Directeur."),
        ("Koch/Köchin und Zahnarzt / Zahnärztin", "Koch und Zahnarzt."),
        ("Bauer/Bäuerin, Kunde/Kundin", "Bauer, Kunde."),
        ("Barmann/-dame", "Barmann."),
        ("Stuntman/-woman", "Stuntman."),
        ("Krankenpfleger/-schwester", "Krankenpfleger."),
        ("Verkehrsplaner/in/-techniker/in", "Verkehrsplaner/-techniker."),
        ("Architekt/in (Mag.arch.)", "Architekt."),
        ("Dipl. Krankenpfleger/in", "Krankenpfleger."),
        ("Monteur-câbleur (h/f:x)", "Monteur-câbleur."),
    ],
)
def test_second_endings_are_left_out(marked: str, plain: str) -> None:
    assert closed(marked) == plain


@pytest.mark.parametrize(
    "text",
    [
        "on/in the roof.",
        "Plug-in.",
        "either/or.",
        "f(e) = 2.",
        "Concepteur/développeur.",
        "Elektronik/Mechanik.",
        "Gas/Benzin.",
        "Wein/Medizin.",
        "Kindermädchen/Kinderbetreuer.",
    ],
)
def test_other_strokes_and_brackets_stay(text: str) -> None:
    assert closed(text) == text


def test_requirements_speak_for_a_need_without_text() -> None:
    requirements = (Requirement("r1", "batteries"), Requirement("r2", "at night"))

    assert need_theme(Need("n", "", " ", requirements=requirements)) == "batteries. at night."
    assert need_theme(Need("n", "Storage", "", requirements=requirements)) == "Storage."


def test_a_label_is_read_in_two_forms_and_a_text_in_one() -> None:
    assert theme_forms(Need("n", "Orgelbauer/in", "")) == ["Orgelbauer.", "Orgelbauer"]
    assert theme_forms(Need("n", "Storage", "At night.")) == ["Storage. At night."]
    assert theme_forms(Need("n", "Who stores heat?", "")) == ["Who stores heat?"]
    assert len(theme_forms(Need("n", "storage of heat " * 10, ""))) == 1


def test_a_long_passage_is_cut_between_sentences() -> None:
    sentence = "Our canteen serves soup on every working day of the week."
    long = passage(" ".join([sentence] * 40), title="Canteen")

    found = windows(long)

    assert len(found) == 3
    assert all(end - start <= WINDOW for start, end in found)
    assert all(long.text[start:end].endswith("week.") for start, end in found)
    assert window_text(long, found[0]).startswith("Canteen. Our canteen")


def test_a_sentence_is_never_cut() -> None:
    assert windows(passage("word " * 300 + "end.")) == [(0, 1504)]


def test_a_title_alone_can_be_found_but_not_quoted() -> None:
    assert windows(passage("", title="Solar roofs")) == [(0, 0)]
    assert windows(passage("")) == []


def test_what_is_longer_than_a_title_is_told_at_length() -> None:
    assert not is_told_at_length("Laminates. Components and their compatibility. Feasibility.")
    assert is_told_at_length("Solar power. " + "We store it and sell it at night. " * 8)


def test_stops_between_figures_stay() -> None:
    assert without_stops("Solar power. It costs 1.20 euros.") == "Solar power It costs 1.20 euros"
