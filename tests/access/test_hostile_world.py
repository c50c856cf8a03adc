"""A world in which everything that people can write is an attack, looked at from everywhere."""

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Annotated, Any, get_args, get_origin

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from sqlalchemy import Enum, String, Table, select, update
from sqlalchemy.orm import Session
from typing_extensions import override

from app.accounts.models import User
from app.core.browser import HEADERS
from app.core.database import Base
from app.organisations.models import MemberRole, Membership, Organisation
from tests.access.doors import DOORS, address
from tests.access.test_every_door import offers, routes
from tests.access.world import make_world
from tests.factories.people import make_member, make_token

WRITTEN_IN = ("<textarea", 'type="text"', 'type="email"', 'type="url"')
"""How fields begin into which people write; told here once more, for the application may err."""
SignIn = Callable[[User], TestClient]

ATTACK = (
    """<script>alert("a")</script>"'><img src=x onerror=alert(1)><svg/onload=alert(2)>"""
    """ [x](javascript:alert(3)) </textarea></title><a href="javascript:alert(4)">y</a>"""
    """ {{ 9 ** 9 }} %(num)d %s <!-- ]]> \u202e"""
)
TEMPLATE_RAN = str(9**9)
"""Long enough that no id and no counter of the tests happens to hold it."""
NOT_FREE = re.compile(
    r"(^|_)(hash|digest|address|kind|action|state|salt|lane|key|token|secret|nonce|verifier|issuer"
    r"|id|locale|lang|slug|email|country|size|sha256|checksum|provider|beginning|link|onward|url"
    r"|website|region|because|digest)$"
)
"""Columns that machinery writes, or that are checked when they are taken (addresses, languages)."""
NOT_LOOKED_AT = {"operations:readiness", "developers:reference", "developers:shapes"}
"""The one rightly says 503 where no worker runs; the others are long and tell of the API alone."""
PREFERRED = ("owner", "responder", "curator", "region", "administrator", "rival_curator")


class Scripts(HTMLParser):
    """Collects what a browser would run, or lead to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str | None]] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script" and not (given.get("src") or "").startswith("/static/"):
            self.found.append((tag, "src", given.get("src")))
        if tag in {"iframe", "object", "embed", "base"}:
            self.found.append((tag, "", None))
        for name, value in attrs:
            leads = name in {"href", "src", "action", "formaction", "xlink:href"}
            if (
                name.startswith("on")
                or name in {"style", "srcdoc"}
                or (
                    leads
                    and re.match(r"(?i)[\s\x00-\x1f]*(javascript|data|vbscript):", value or "")
                )
                or (leads and value == "x")
            ):
                self.found.append((tag, name, value))


def free_texts(table: Table) -> list[str]:
    """Return the columns in which somebody's own words stand."""
    return [
        column.name
        for column in table.columns
        if isinstance(column.type, String)
        and not isinstance(column.type, Enum)
        and not column.foreign_keys
        and not column.unique
        and not NOT_FREE.search(column.name)
        and table.name not in {"events", "identities"}
    ]


def poison(session: Session) -> int:
    """Write the attack into every such column of every row; return how many columns there were."""
    count = 0
    for table in Base.metadata.sorted_tables:
        names = free_texts(table)
        count += len(names)
        if names:
            session.execute(update(table).values(dict.fromkeys(names, ATTACK)))
    session.commit()
    return count


def test_what_people_wrote_runs_nowhere_and_every_page_is_guarded(
    app: FastAPI, session: Session, sign_in: SignIn, client: TestClient
) -> None:
    world = make_world()
    assert poison(session) > 80
    session.expire_all()
    browsers = {who: sign_in(user) for who in PREFERRED if (user := world.people[who])}
    programs = offers(app)  # what they read is JSON, which runs nowhere
    found: dict[str, Any] = {}
    shown = 0

    for name, route in routes(app).items():
        method, _, path = route.partition(" ")
        if method != "GET" or name in NOT_LOOKED_AT or name in programs:
            continue
        who = next((each for each in PREFERRED if each in DOORS[name]), "owner")
        answer = browsers[who].get(address(path, name, world))
        wrong = flaws(answer)
        shown += ATTACK[:8] in answer.text or "&lt;script&gt;" in answer.text
        if wrong:
            found[name] = wrong

    assert found == {}
    assert shown > 60  # the attack did stand on pages


def flaws(answer: Any) -> list[object]:
    """Return what is wrong with an answer to somebody who is signed in."""
    kind = answer.headers.get("content-type", "")
    wrong: list[object] = [
        name for name, value in HEADERS.items() if answer.headers.get(name) != value
    ]
    wrong += [status for status in (answer.status_code,) if status >= 500]
    caching = answer.headers.get("cache-control", "")
    if "private" not in caching and "no-store" not in caching and "public" not in caching:
        wrong.append(f"kept by anybody: {caching}")
    is_page = kind.startswith("text/html") and answer.status_code < 400
    if is_page and "no-store" not in caching:
        is_written_on = any(field in answer.text for field in WRITTEN_IN)
        wrong += [] if is_written_on and caching == "private, no-cache" else [f"kept: {caching}"]
    if kind.startswith("text/") and "charset=utf-8" not in kind:
        wrong.append(f"told in no alphabet: {kind}")
    if is_page and "/sign-out" not in answer.text:
        wrong.append("no way out")
    if kind.startswith("text/html"):
        scripts = Scripts()
        scripts.feed(answer.text)
        wrong += scripts.found
        wrong += ["a template ran"] if TEMPLATE_RAN in answer.text else []
    elif "<script>" in answer.text and kind.startswith(("image/", "text/javascript")):
        wrong.append(kind)
    return wrong


ODD_QUERY = f"page={'9' * 40}&number=-1&q=%ff%c0%af&state=%ed%a0%80&next=//evil.example&field=-1"


def test_odd_queries_are_refused_and_break_nothing(
    app: FastAPI, session: Session, sign_in: SignIn
) -> None:
    world = make_world()
    region = world.people["region"]
    assert region is not None
    browser = sign_in(region)
    broken: dict[str, int] = {}

    asking = routes_with_queries(app)
    assert len(asking) > 20
    for name in asking:
        _, _, path = routes(app)[name].partition(" ")
        where = f"{address(path, name, world)}?{ODD_QUERY}"
        answer = browser.get(where)
        if answer.status_code >= 500 or "evil.example" in answer.headers.get("location", ""):
            broken[where] = answer.status_code

    assert broken == {}
    for where in ("/challenges?q=a%00b", "/challenges/%00", "/api/v1/challenges?q=%00"):
        answer = browser.get(where)
        assert answer.status_code == 400
        assert answer.headers["content-security-policy"] == HEADERS["Content-Security-Policy"]


BY_HAND = {
    "accounts:sign_in", "accounts:sign_up", "accounts:prove", "accounts:visit_provider",
    "accounts:return_from_provider", "challenges:list", "pilots:list", "sites:list", "matches:list",
    "matches:compare", "feeds:challenges", "monitoring:overview", "monitoring:needs",
    "shortlists:sheet",
}  # fmt: skip
"""Pages that look into their query themselves."""


def dependants(root: Any) -> Iterator[Any]:
    """Return a route's dependencies, and theirs."""
    if root is None:
        return
    yield root
    for each in root.dependencies:
        yield from dependants(each)


def routes_with_queries(app: FastAPI) -> set[str]:
    """Return the names of the pages that read something from their query."""
    declared = {
        str(context.name)
        for context in iter_route_contexts(app.routes)
        for part in dependants(getattr(context, "dependant", None))
        if part.query_params
    }
    return (declared - set(offers(app))) | BY_HAND


def integers(info: Any) -> Iterator[list[int | None]]:
    """Return the upper bounds of each whole number that a parameter may be, or may hold."""
    for inner in (info.annotation, *get_args(info.annotation)):
        kind, *given = get_args(inner) if get_origin(inner) is Annotated else (inner,)
        own = [rule for each in given for rule in getattr(each, "metadata", ())]
        if kind is int:
            yield [
                getattr(rule, "lt", None) or getattr(rule, "le", None)
                for rule in (*info.metadata, *own)
            ]


def test_no_address_takes_a_number_that_no_database_holds(app: FastAPI) -> None:
    unbounded = set()
    count = 0
    for context in iter_route_contexts(app.routes):
        for part in dependants(getattr(context, "dependant", None)):
            for parameter in (*part.path_params, *part.query_params):
                for bounds in integers(parameter.field_info):
                    count += 1
                    if not any(end is not None and end <= 2**31 for end in bounds):
                        unbounded.add((context.name, parameter.name))

    assert count > 100
    assert unbounded == set()


BODIES = [
    b"email=a\x00b%40example.org&password=x",
    b"email=%00&password=%00",
    b"email=%ff%fe%40example.org&password=%c0%af",
    b"email=a%40example.org&password=" + b"x" * 200_000,
    b"&".join(b"f%d=1" % number for number in range(2000)),
    b"a[b[c[d[e]]]]=1&a[99999999999999999999]=2&[]=3&=4&a[0]=1&a[0][0]=2",
    b"name=\xed\xa0\x80&locale=en&email=b%40example.org&password=seven quiet cranes",
]


def test_odd_forms_are_refused_and_break_nothing(client: TestClient, session: Session) -> None:
    statuses = {
        client.post(
            path, content=body, headers={"Content-Type": "application/x-www-form-urlencoded"}
        ).status_code
        for path in ("/sign-in", "/sign-up", "/password/forgotten")
        for body in BODIES
    }

    assert {status for status in statuses if status >= 500} == set()
    multipart = {"Content-Type": "multipart/form-data; boundary=x"}
    for body in (
        b"",
        b"--x",
        b'--x\r\nContent-Disposition: form-data; name="\x00"\r\n\r\na\r\n--x--',
    ):
        assert client.post("/sign-in", content=body, headers=multipart).status_code < 500


def test_a_body_without_a_length_has_an_end(client: TestClient, session: Session) -> None:
    piece, sent = b"a" * 1_000_000, 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        yield b"email="
        while sent < 50_000_000:
            sent += len(piece)
            yield piece

    form = {"Content-Type": "application/x-www-form-urlencoded"}

    assert client.post("/sign-in", content=endless(), headers=form).status_code == 413


GRANTS = {
    "is_administrator": "1", "is_regional_developer": "1", "email_confirmed_at": "2030-01-01",
    "blocked_at": "", "verified_at": "2030-01-01", "password_hash": "x", "id": "1",
    "role": "manager", "state": "open", "kind": "cluster", "user_id": "1", "version": "99",
}  # fmt: skip


def test_nobody_gives_themselves_what_a_form_does_not_offer(
    sign_in: SignIn, session: Session
) -> None:
    member = make_member(role=MemberRole.MANAGER)
    (membership,) = session.scalars(select(Membership))
    organisation = session.get_one(Organisation, membership.organisation_id)
    organisation.verified_at = None
    session.commit()
    browser = sign_in(member)
    before = {name: getattr(member, name) for name in GRANTS if hasattr(member, name)}
    assert len(before) > 4

    typed = {"name": "Eve", "locale": "fr", **GRANTS}
    assert browser.post("/account/language", data=typed).status_code == 303
    kind = organisation.kind.value
    described = {"name": "Plug Works", "lang": "en", "city": "Kiel", "country": "DE"}
    described |= {**GRANTS, "kind": kind, "version": str(organisation.version)}
    changed = browser.post(f"/organisations/{organisation.slug}/edit", data=described)
    assert changed.status_code == 303, changed.text

    session.expire_all()
    assert (member.name, member.locale) == ("Eve", "fr")
    assert {name: getattr(member, name) for name in before} == before
    assert (organisation.verified_at, organisation.kind.value) == (None, kind)


JSON_BODIES = [
    b'{"query": "\\ud800"}', b'{"query": "a\\u0000b"}', b'{"query": ' + b"[" * 20_000,
    b'{"query": "\xff\xfe"}', b'{"query": 1e999999}', b"\xef\xbb\xbf{}", b"null", b'"x"', b"",
]  # fmt: skip


def test_odd_json_is_refused_and_breaks_nothing(client: TestClient, session: Session) -> None:
    user = make_world().people["responder"]
    assert user is not None
    headers = {
        "Authorization": f"Bearer {make_token(user)[0]}", "Content-Type": "application/json",
    }  # fmt: skip

    statuses = [
        client.post("/api/v1/searches", content=body, headers=headers).status_code
        for body in JSON_BODIES
    ]

    assert {status for status in statuses if status >= 500} == set()
