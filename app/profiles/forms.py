"""What a person may type about a passage, in a form or in a file."""

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field, HttpUrl, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError
from starlette.datastructures import FormData, UploadFile

from app.core.arriving import MAX_FILE_BYTES
from app.core.forms import FormModel
from app.core.i18n import N_
from app.organisations.models import Organisation, OrganisationKind
from app.profiles.actions import CheckedFile, CheckedRow, PassageContent
from app.profiles.importing import (
    NEEDED,
    Column,
    Record,
    Table,
    UnreadableFile,
    fold,
    homeless_cells,
    named_cells,
    read_table,
)
from app.profiles.models import Passage, PassageKind

Language = Literal["en", "de", "fr"]
LANGUAGES: tuple[str, ...] = get_args(Language)
MAX_FILE_NAME = 120

KIND_NAMES: Mapping[PassageKind, tuple[str, ...]] = {
    PassageKind.CAPABILITY: (
        "capability", "capabilities", "Fähigkeit", "Faehigkeit", "Kompetenz", "compétence",
        "capacité", "savoir-faire",
    ),
    PassageKind.REFERENCE: ("reference", "Referenz", "référence"),
    PassageKind.OFFER: ("offer", "Angebot", "offre"),
}  # fmt: skip
LANGUAGE_NAMES: Mapping[str, tuple[str, ...]] = {
    "en": ("en", "English", "Englisch", "anglais"),
    "de": ("de", "German", "Deutsch", "allemand"),
    "fr": ("fr", "French", "Französisch", "français"),
}
_KINDS = {fold(name): kind for kind, names in KIND_NAMES.items() for name in names}
_LANGUAGES = {fold(name): code for code, names in LANGUAGE_NAMES.items() for name in names}
_ADDRESS = TypeAdapter(HttpUrl)


def _one_line(value: str) -> str:
    return " ".join(value.split())


def _plain_line_ends(value: str) -> str:
    return value.replace("\r\n", "\n").replace("\r", "\n")


def _web_address(value: str) -> str:
    try:
        return str(_ADDRESS.validate_python(value))
    except ValidationError as error:
        raise PydanticCustomError("web_address", "not a web address") from error


class VersionForm(FormModel):
    """Which version somebody had before them; 0 is never current."""

    version: int = 0

    labels: ClassVar[Mapping[str, str]] = {"version": N_("Version")}


class PassageForm(VersionForm):
    """One passage as typed into the form."""

    kind: PassageKind
    title: Annotated[str, Field(min_length=3, max_length=120), BeforeValidator(_one_line)]
    text: Annotated[str, Field(min_length=40, max_length=2000), BeforeValidator(_plain_line_ends)]
    lang: Language
    source: Annotated[str, Field(max_length=300), BeforeValidator(_one_line)]
    source_url: Annotated[str, AfterValidator(_web_address)] = ""

    words: ClassVar[Mapping[str, str]] = {
        "kind:missing": N_("Kind: choose capability, reference or offer."),
        "kind:enum": N_("Kind: choose capability, reference or offer."),
        "title:missing": N_("Title: write what this passage is about in a few words."),
        "title:string_too_short": N_("Title: use at least %(min_length)s characters."),
        "title:string_too_long": N_("Title: use at most %(max_length)s characters."),
        "text:missing": N_("Text: write what you can do, have done or offer."),
        "text:string_too_short": N_("Text: use at least %(min_length)s characters."),
        "text:string_too_long": N_("Text: use at most %(max_length)s characters."),
        "lang:missing": N_("Language: choose the language of the text: English, German or French."),
        "lang:literal_error": N_(
            "Language: choose the language of the text: English, German or French."
        ),
        "source:missing": N_("Source: write where this can be checked, such as a report and page."),
        "source:string_too_long": N_("Source: use at most %(max_length)s characters."),
        "source_url:web_address": N_(
            "Address of the source: write it in full, such as https://example.org/report."
        ),
    }

    def content(self) -> PassageContent:
        """Return what the passage says, for an action."""
        return PassageContent(
            kind=self.kind,
            title=self.title,
            text=self.text,
            lang=self.lang,
            source=self.source,
            source_url=self.source_url,
        )


def shown(passage: Passage) -> dict[str, str]:
    """Return a stored passage as it stands in the form."""
    names = ("kind", "title", "text", "lang", "source", "source_url", "version")
    return {name: str(getattr(passage, name)) for name in names}


class PassageRow(PassageForm):
    """One passage as typed into a file: kind and language in words of any of our languages."""

    kind: Annotated[PassageKind, BeforeValidator(lambda word: _KINDS.get(fold(word), word))]
    lang: Annotated[Language, BeforeValidator(lambda word: _LANGUAGES.get(fold(word), word))]


FIELDS = {
    Column.KIND: "kind",
    Column.TITLE: "title",
    Column.TEXT: "text",
    Column.LANGUAGE: "lang",
    Column.SOURCE: "source",
    Column.SOURCE_URL: "source_url",
}
_COLUMN_OF_FIELD = {name: column for column, name in FIELDS.items()}


def read_upload(data: FormData, importer: Organisation) -> CheckedFile:
    """Return the file in the field ``file``, each cell checked.

    :raises UnreadableFile: if there is none, or it cannot be read as a whole
    """
    upload = data.get("file")
    if not isinstance(upload, UploadFile) or not upload.filename:
        raise UnreadableFile(N_("File: choose the CSV file on your computer."))
    content = upload.file.read(MAX_FILE_BYTES + 1)
    if not content:
        raise UnreadableFile(N_("File: this file is empty. Save it again and choose it once more."))
    if len(content) > MAX_FILE_BYTES:
        raise UnreadableFile(N_("File: it is larger than 2 MB. Split it in parts."))
    is_cluster = importer.kind is OrganisationKind.CLUSTER
    table = read_table(content, (Column.ORGANISATION, *NEEDED) if is_cluster else NEEDED)
    return CheckedFile(_file_name(upload.filename), table.header, check_rows(table))


def _file_name(name: str) -> str:
    return PurePath(name.replace("\\", "/")).name[:MAX_FILE_NAME]


def check_rows(table: Table) -> list[CheckedRow]:
    """Return every row with the passage it describes, or with what is wrong in which column."""
    columns = table.columns
    return [
        _check_row(
            record,
            typed=named_cells(columns, record.cells),
            homeless=homeless_cells(table.header, record.cells),
        )
        for record in table.records
    ]


def _check_row(
    record: Record, *, typed: Mapping[Column, str], homeless: Sequence[str]
) -> CheckedRow:
    errors: dict[str, tuple[str, Mapping[str, Any]]] = {}
    content = None
    try:
        values = {name: typed[column] for column, name in FIELDS.items() if column in typed}
        content = PassageRow.model_validate(values).content()
    except ValidationError as refusal:
        errors = _errors_by_column(refusal)
    if homeless:
        message = N_(
            "Whole row: it has a cell outside the named columns. Put quotation marks around texts "
            "that contain the mark between two cells."
        )
        errors[""] = (message, {})
    return CheckedRow(
        line=record.line,
        cells=record.cells,
        organisation=typed.get(Column.ORGANISATION, ""),
        content=None if errors else content,
        errors=errors,
    )


def _errors_by_column(refusal: ValidationError) -> dict[str, tuple[str, Mapping[str, Any]]]:
    errors: dict[str, tuple[str, Mapping[str, Any]]] = {}
    for error in refusal.errors(include_url=False, include_input=False):
        name = str(error["loc"][0])
        limits = {key: value for key, value in error.get("ctx", {}).items() if "_length" in key}
        errors[_COLUMN_OF_FIELD[name]] = (PassageForm.words[f"{name}:{error['type']}"], limits)
    return errors
