"""Secrets that are stored so that the database alone tells nothing."""

from app.core.sealing import Seals

OLD, NEW = "the key of last year, 32 letters", "the key of this year, 32 letters"
SECRET = "JBSWY3DPEHPK3PXP"


def test_what_is_sealed_is_read_with_the_key_alone() -> None:
    sealed = Seals([OLD]).seal(SECRET)

    assert SECRET not in sealed
    assert sealed != Seals([OLD]).seal(SECRET)
    assert Seals([OLD]).open(sealed) == SECRET
    assert Seals([NEW]).open(sealed) is None


def test_a_change_anywhere_breaks_the_seal() -> None:
    sealed = Seals([OLD]).seal(SECRET)
    middle = len(sealed) // 2
    changed = f"{sealed[:middle]}{'A' if sealed[middle] != 'A' else 'B'}{sealed[middle + 1 :]}"

    assert Seals([OLD]).open(changed) is None


def test_a_new_key_reads_what_the_earlier_one_sealed_and_knows_that_it_is_old() -> None:
    seals, sealed = Seals([NEW, OLD]), Seals([OLD]).seal(SECRET)

    assert seals.open(sealed) == SECRET
    assert not seals.is_newest(sealed)
    assert seals.is_newest(seals.seal(SECRET))


def test_what_was_stored_before_there_were_seals_is_still_read() -> None:
    assert Seals([NEW]).open(SECRET) == SECRET
    assert not Seals([NEW]).is_newest(SECRET)
