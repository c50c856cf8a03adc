"""Whatever is typed as Markdown: what comes out holds nothing that runs, closes what it opens, and
comes out in time.
"""

from html.parser import HTMLParser
from time import process_time
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from app.core.markdown import TAGS, markdown

VOID = frozenset({"br", "hr"})
ALLOWED = {"a": {"href", "rel"}, "ol": {"start"}}
SCHEMES = frozenset({"http", "https", "mailto", ""})
LONGEST = 10_000
"""Signs that the longest text of a form may have."""
SECONDS = 2.0
"""Processor time for the worst text of that length, on a slow machine."""


class Structure(HTMLParser):
    """Reads HTML as a browser does and notes what is open, and what should not be there."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.wrong: list[str] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS or {name for name, _ in attrs} - ALLOWED.get(tag, set()):
            self.wrong.append(self.get_starttag_text() or tag)
        for name, value in attrs:
            plain = "".join(sign for sign in value or "" if sign.isprintable() and sign != " ")
            if name == "href" and scheme_of(plain) not in SCHEMES:
                self.wrong.append(f"leads to {value!r}")
        if tag not in VOID:
            self.open.append(tag)

    @override
    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> closes nothing")

    @override
    def handle_comment(self, data: str) -> None:
        self.wrong.append(f"comment {data!r}")

    @override
    def handle_decl(self, decl: str) -> None:
        self.wrong.append(f"declaration {decl!r}")

    @override
    def unknown_decl(self, data: str) -> None:
        self.wrong.append(f"declaration {data!r}")

    @override
    def handle_pi(self, data: str) -> None:
        self.wrong.append(f"instruction {data!r}")


def scheme_of(address: str) -> str:
    try:
        return urlsplit(address).scheme.casefold()
    except ValueError:
        return ""


def read(text: str) -> Structure:
    structure = Structure()
    structure.feed(str(markdown(text)))
    structure.close()
    return structure


SIGNS = [
    "*", "**", "_", "__", "~~", "`", "```", "[", "]", "(", ")", "![", "](", "<", ">", "</", "/>",
    "&",
    "#", "-", "+", "1.", "|", "|-|", "---", "===", "\n", "\n\n", "    ", "\t", "\\", "'", '"', "=",
    ":", "[a]:", "<!--", "-->", "<?", "?>", "<![CDATA[", "]]>", "&#x6A;", "&lt;script&gt;",
    "&colon;",
    "javascript:", "JaVa\tScript:", "java&#10;script:", "data:text/html;base64,", "vbscript:",
    "//evil.example", "\\\\evil.example", "<script>", "</script>", "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>", "<a href=javascript:alert(1)>", "<math><mtext>", "<style>", "<iframe",
    "<form action=//evil.example>", "</p></div></main>", "onclick=", "\x00", "\u202e", "\ufeff",
    "\u2028", "\ud7ff", "ſcript", "K", "a", "é",
]  # fmt: skip
mixed = st.lists(st.sampled_from(SIGNS) | st.text(max_size=5), max_size=25).map("".join)


@given(text=mixed)
def test_nothing_runs_and_nothing_stays_open(text: str) -> None:
    found = read(text)

    assert (found.wrong, found.open) == ([], [])


HOSTILE = [
    "[a](javascript:alert(1))", "[a](<javascript:alert(1)>)", "[a](java\\script:alert(1))",
    "[a](&#106;avascript:alert(1))", "[a](javascript&colon;alert(1))",
    "[a](\x01javascript:alert(1))",
    "<javascript:alert(1)>", "<data:text/html,x>", "[a]\n\n[a]: javascript:alert(1)",
    "[a](http://x 'y\" onclick=\"z')", "<img src=x onerror=alert(1)>", "<scr<script>ipt>alert(1)",
    "```<script>\nalert(1)\n```", '```a" onclick="b\nx\n```',
    "| <b onclick=x> |\n|---|\n| </table> |",
    "</main><script src=//evil.example></script>", "[<img src=x onerror=y>](http://ok.example)",
    "&lt;script&gt;alert(1)&lt;/script&gt;", "<!--><script>alert(1)</script>-->",
    "![a](javascript:alert(1))", "[a](mailto:x@y?body=<script>)", "a<br/onclick=x>b",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_what_attackers_send_is_text(text: str) -> None:
    found = read(text)

    assert (found.wrong, found.open) == ([], [])


PATHOLOGICAL = [
    "[", "]", "![", "[](", "[a](", "(", "*", "**", "_", "*a_", "**a ", "a**b", "`", "` ", "``` ",
    "~",
    "~~a", "<", "<a ", "</", "<!--", "<?", "<![CDATA[", "&", "&#", "&amp;", "> ", ">", "- ",
    "* - + ",
    "1. ", "\n", "\n\n", "# ", "|", "|-", "| a |\n", "a|b\n-|-\n", "\\", "\\[", "[a]: b\n",
    "[a]:\n",
    "a\n===\n", "    a\n", "\t", " ", "<http://a>", "a@b.c ", "http://a.b ", "'", '"', "![[]()",
    "_*[`<",
    "*_", "[^", "x\u0301", "\u202e", "[[]", "a](b)", "-\n", "_a_ ", "\\`",
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("nested", [False, True], ids=["repeated", "indented"])
def test_the_worst_text_comes_out_in_time(nested: bool) -> None:  # noqa: FBT001 -- a row of the table
    slow = {}
    for piece in PATHOLOGICAL:
        text = _deep(piece) if nested else piece * (LONGEST // len(piece))
        begun = process_time()
        found = read(text)
        if (took := process_time() - begun) > SECONDS:
            slow[piece] = round(took, 1)
        assert (piece, found.wrong, found.open) == (piece, [], [])

    assert slow == {}


def _deep(piece: str) -> str:
    """Return a piece in ever deeper lists, as long as a text may be."""
    lines = (" " * (2 * depth) + piece for depth in range(140))
    return "\n".join(lines)[:LONGEST]
