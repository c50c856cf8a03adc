"""A sourcing file as data, page, PDF and one archive: the same input gives the same bytes."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import typst
from markupsafe import Markup

from app.core.rendering import STATIC, environment
from app.trail.contents import SourcingFile
from app.trail.contents.part import Part
from app.trail.document import Document

TEMPLATE = Path(__file__).with_name("sourcing.typ")
NO_MOMENT = datetime(1980, 1, 1, tzinfo=UTC)
"""Stands for "when" in archives and PDFs, which would differ from one time to the next else."""


def html(document: Document) -> bytes:
    """Return the document as a web page that stands alone."""
    template = environment.get_template("trail/alone.html")
    sheet = (STATIC / "sourcing-file.css").read_text(encoding="utf-8")
    style = Markup("<style>{}</style>").format(Markup(sheet))  # noqa: S704 -- our own file
    return template.render(document=document, style=style).encode()


def pdf(document: Document) -> bytes:
    """Return the document as an archivable PDF, with tags for screen readers."""
    with TemporaryDirectory() as folder:
        main = Path(folder) / "main.typ"
        main.write_bytes(TEMPLATE.read_bytes())
        data = json.dumps(asdict(document), ensure_ascii=False)
        (Path(folder) / "data.json").write_text(data, encoding="utf-8")
        return typst.compile(
            str(main),
            root=folder,
            format="pdf",
            ignore_system_fonts=True,
            pdf_standards="a-2b",
            timestamp=int(NO_MOMENT.timestamp()),
        )


def archive(files: Mapping[str, bytes]) -> bytes:
    """Return a ZIP of these files and a list of their digests."""
    sums = "".join(f"{sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as zipped:
        for name, content in sorted({**files, "SHA256SUMS": sums.encode()}.items()):
            entry = ZipInfo(name, date_time=NO_MOMENT.timetuple()[:6])
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            zipped.writestr(entry, content)
    return packed.getvalue()


def canonical(file: Part) -> bytes:
    """Return the one way to write a file as JSON, readable by people too."""
    written = json.dumps(file.model_dump(mode="json"), sort_keys=True, ensure_ascii=False, indent=1)
    return written.encode() + b"\n"


def schema() -> bytes:
    """Return the JSON Schema of the data."""
    published = SourcingFile.model_json_schema(mode="serialization")
    return json.dumps(published, sort_keys=True, ensure_ascii=False, indent=1).encode() + b"\n"
