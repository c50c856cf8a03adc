"""Who may do what with a profile, and whom an imported row may be about."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from app.core.errors import DomainError
from app.core.i18n import N_
from app.core.state_machine import Mover
from app.organisations.models import Organisation, OrganisationKind
from app.organisations.policy import Actor

Directory = Mapping[str, Sequence[Organisation]]
"""Organisations by name and by slug, however they are capitalised."""


class NotImportable(DomainError):
    """A row names nobody whom this import may be about."""


def may_edit_profile(actor: Actor, organisation: Organisation) -> bool:
    """Whether this person may change passages and import them."""
    return actor.acts_for(organisation.id)


def importing_role(organisation: Organisation) -> Mover:
    """Return the role in which an organisation's people import."""
    return Mover.CURATOR if organisation.kind is OrganisationKind.CLUSTER else Mover.RESPONDER


def same_words(text: str) -> str:
    """Return what two texts share that differ only in spaces and capitals."""
    return " ".join(text.split()).casefold()


def directory_of(organisations: Iterable[Organisation]) -> Directory:
    """Return the organisations by every name a row may use."""
    found: dict[str, list[Organisation]] = defaultdict(list)
    for organisation in organisations:
        for name in {same_words(organisation.name), organisation.slug}:
            found[name].append(organisation)
    return found


def import_target(typed: str, importer: Organisation, directory: Directory) -> Organisation:
    """Return the organisation that a row is about.

    :param typed: what the row says; an ordinary organisation may leave it out
    :param directory: those whom ``importer`` may import for
    :raises NotImportable: with words that say how to mend the cell
    """
    is_cluster = importer.kind is OrganisationKind.CLUSTER
    if not typed and not is_cluster:
        return importer
    if not typed:
        raise NotImportable(
            N_("Organisation: write which member of %(cluster)s this is about."),
            cluster=importer.name,
        )
    found = directory.get(same_words(typed), ())
    if len(found) > 1:
        raise NotImportable(
            N_("Organisation: several members have this name. Write one of these: %(slugs)s."),
            slugs=", ".join(sorted(organisation.slug for organisation in found)),
        )
    if not found:
        raise _stranger(importer, is_cluster=is_cluster)
    return found[0]


def _stranger(importer: Organisation, *, is_cluster: bool) -> NotImportable:
    if is_cluster:
        return NotImportable(
            N_(
                "Organisation: this is not a member of %(cluster)s. Write the name as in the list "
                "of members, or make the organisation a member first."
            ),
            cluster=importer.name,
        )
    return NotImportable(
        N_("Organisation: this import is for %(name)s only. Write that name, or nothing."),
        name=importer.name,
    )
