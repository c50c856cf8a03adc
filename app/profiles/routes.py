"""HTTP in, HTTP out."""

from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.core.clock import Now
from app.core.database import DbSession
from app.core.errors import Stale
from app.core.flash import flash
from app.core.forms import Form, SubmittedForm
from app.core.i18n import gettext, ngettext
from app.core.pagination import PageNumber
from app.core.rendering import page
from app.organisations.access import (
    AnyActor,
    EditableOrganisation,
    SignedInActor,
    ViewableOrganisation,
)
from app.organisations.models import Organisation
from app.organisations.policy import Actor
from app.profiles import actions, pages, policy, queries
from app.profiles.access import EditablePassage, OwnImport
from app.profiles.forms import PassageForm, VersionForm, read_upload, shown
from app.profiles.importing import UnreadableFile
from app.profiles.models import ImportState, Passage, ProfileImport, RowVerdict
from app.progress.pages import Progress, progress_towards

router = APIRouter(tags=["profiles"])


@router.get("/organisations/{slug}/profile", name="profiles:show")
def show(
    request: Request,
    session: DbSession,
    actor: AnyActor,
    organisation: ViewableOrganisation,
    number: PageNumber = 1,
) -> Response:
    passages = queries.passages_page(session, organisation.id, number=number)
    return page(
        request,
        "profiles/profile.html",
        organisation=organisation,
        passages=passages,
        groups=pages.by_kind(passages.rows),
        may_edit=policy.may_edit_profile(actor, organisation),
    )


@router.get("/organisations/{slug}/profile/passages/new", name="profiles:add_form")
def add_form(request: Request, organisation: EditableOrganisation) -> Response:
    return _passage_page(request, organisation, Form(raw={"lang": organisation.lang}))


@router.post("/organisations/{slug}/profile/passages/new", name="profiles:add")
def add(
    request: Request,
    data: SubmittedForm,
    session: DbSession,
    organisation: EditableOrganisation,
    actor: SignedInActor,
    now: Now,
) -> Response:
    form = Form.read(PassageForm, data)
    if form.value is None:
        return _passage_page(request, organisation, form)
    actions.add_passage(session, organisation, form.value.content(), by=actor, at=now)
    flash(request, gettext("The passage “%(title)s” was added.") % {"title": form.value.title})
    return _to_profile(organisation)


@router.get("/organisations/{slug}/profile/passages/{passage_id}", name="profiles:edit_form")
def edit_form(request: Request, passage: EditablePassage) -> Response:
    return _passage_page(request, passage.organisation, Form(raw=shown(passage)), passage)


@router.post("/organisations/{slug}/profile/passages/{passage_id}", name="profiles:edit")
def edit(
    request: Request,
    data: SubmittedForm,
    session: DbSession,
    passage: EditablePassage,
    actor: SignedInActor,
    now: Now,
) -> Response:
    form = Form.read(PassageForm, data).carried_out(
        session,
        lambda typed: actions.edit_passage(
            session, passage, typed.content(), version=typed.version, by=actor, at=now
        ),
        catching=Stale,
    )
    if form.refusal is not None:
        # The next attempt is made in the knowledge of what is saved now.
        form = replace(form, raw={**form.raw, "version": str(passage.version)})
    if form.value is None:
        return _passage_page(request, passage.organisation, form, passage)
    flash(request, gettext("The passage “%(title)s” was saved.") % {"title": form.value.title})
    return _to_profile(passage.organisation)


@router.get(
    "/organisations/{slug}/profile/passages/{passage_id}/delete", name="profiles:delete_form"
)
def delete_form(request: Request, passage: EditablePassage) -> Response:
    return page(
        request, "profiles/delete_passage.html", passage=passage, organisation=passage.organisation
    )


@router.post("/organisations/{slug}/profile/passages/{passage_id}/delete", name="profiles:delete")
def delete(
    request: Request,
    data: SubmittedForm,
    session: DbSession,
    passage: EditablePassage,
    actor: SignedInActor,
    now: Now,
) -> Response:
    seen = Form.read(VersionForm, data).value or VersionForm()
    actions.delete_passage(session, passage, version=seen.version, by=actor, at=now)
    flash(request, gettext("The passage “%(title)s” was deleted.") % {"title": passage.title})
    return _to_profile(passage.organisation)


@router.get("/organisations/{slug}/imports", name="profiles:upload_form")
def upload_form(
    request: Request, session: DbSession, organisation: EditableOrganisation, number: PageNumber = 1
) -> Response:
    return _upload_page(request, session, organisation, number=number)


@router.post("/organisations/{slug}/imports", name="profiles:upload")
def upload(
    request: Request,
    data: SubmittedForm,
    session: DbSession,
    organisation: EditableOrganisation,
    actor: SignedInActor,
    now: Now,
) -> Response:
    try:
        file = read_upload(data, organisation)
    except UnreadableFile as error:
        return _upload_page(request, session, organisation, Form().refused(error, on="file"))
    profile_import = actions.preview_import(session, organisation, file, by=actor, at=now)
    return RedirectResponse(f"/imports/{profile_import.id}", 303)


@router.get("/imports/template.csv", name="profiles:template")
def template(_actor: AnyActor) -> Response:
    return _csv_file(pages.template_file(), "quaylink-passages.csv")


@router.get("/imports/{import_id}", name="profiles:show_import")
def show_import(
    request: Request,
    session: DbSession,
    profile_import: OwnImport,
    actor: SignedInActor,
    number: PageNumber = 1,
) -> Response:
    return page(
        request,
        "profiles/import.html",
        profile_import=profile_import,
        organisation=profile_import.organisation,
        view=pages.import_view(session, profile_import, number=number),
        learning=_learning(session, actor, profile_import),
    )


@router.post("/imports/{import_id}/import", name="profiles:import")
def import_rows(
    request: Request, session: DbSession, profile_import: OwnImport, actor: SignedInActor, now: Now
) -> Response:
    actions.import_good_rows(session, profile_import, by=actor, at=now)
    count = queries.verdict_counts(session, profile_import.id)[RowVerdict.GOOD]
    words = ngettext("%(num)s passage was imported.", "%(num)s passages were imported.", count)
    flash(request, words % {"num": count})
    return RedirectResponse(f"/imports/{profile_import.id}", 303)


@router.post("/imports/{import_id}/discard", name="profiles:discard")
def discard(
    request: Request, session: DbSession, profile_import: OwnImport, actor: SignedInActor, now: Now
) -> Response:
    actions.discard_import(session, profile_import, by=actor, at=now)
    flash(request, gettext("The file was discarded. Nothing was imported."))
    return RedirectResponse(f"/organisations/{profile_import.organisation.slug}/imports", 303)


@router.get("/imports/{import_id}/bad-rows.csv", name="profiles:bad_rows")
def bad_rows(session: DbSession, profile_import: OwnImport) -> Response:
    content = pages.bad_rows_file(session, profile_import)
    return _csv_file(content, f"quaylink-rows-to-mend-{profile_import.id}.csv")


def _learning(session: DbSession, actor: Actor, profile_import: ProfileImport) -> Progress | None:
    """Return how far matching is with what was imported, for whoever imported it."""
    if profile_import.state is not ImportState.IMPORTED or actor.user is None:
        return None
    return progress_towards(session, actor.user.id, f"/imports/{profile_import.id}")


def _to_profile(organisation: Organisation) -> Response:
    return RedirectResponse(f"/organisations/{organisation.slug}/profile", 303)


def _passage_page(
    request: Request,
    organisation: Organisation,
    form: Form[PassageForm],
    passage: Passage | None = None,
) -> Response:
    return page(
        request,
        "profiles/passage_form.html",
        status_code=422 if form.errors else 200,
        organisation=organisation,
        form=form,
        passage=passage,
    )


def _upload_page(
    request: Request,
    session: DbSession,
    organisation: Organisation,
    form: Form[PassageForm] | None = None,
    number: int = 1,
) -> Response:
    return page(
        request,
        "profiles/upload.html",
        status_code=422 if form else 200,
        organisation=organisation,
        form=form or Form(),
        columns=pages.columns_explained(organisation),
        imports=queries.imports_page(session, organisation.id, number=number),
    )


def _csv_file(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)
