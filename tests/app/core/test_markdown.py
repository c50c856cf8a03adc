"""Markdown from people is harmless and fits into our pages."""

import pytest

from app.core.markdown import markdown


@pytest.mark.parametrize(
    "hostile",
    [
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "[a](data:text/html,x)",
        "![a](http://evil.example/x.png)",
        "<svg/onload=alert(1)>",
        "[a](http://ok.example 'x\" onmouseover=\"y')",
        "`<b>`",
        "<a href='//evil.example'>",
        '"><script>alert(1)</script>',
        "[a](vbscript:msgbox)",
        "<style>*{display:none}</style>",
    ],
)
def test_hostile_text_becomes_text(hostile: str) -> None:
    html = markdown(hostile)

    for danger in ("<img", "<svg", "<script", "<style", "<b>", 'href="javascript', 'href="data'):
        assert danger not in html
    assert " onmouseover=" not in html
    assert " title=" not in html


def test_headings_stay_below_the_pages_own() -> None:
    assert markdown("# Big\n\n### Small") == "<h3>Big</h3>\n<h4>Small</h4>\n"


def test_links_lead_out_without_our_blessing() -> None:
    assert markdown("[a](https://ok.example)") == (
        '<p><a href="https://ok.example" rel="nofollow noopener ugc">a</a></p>\n'
    )


def test_ordinary_markdown_works() -> None:
    html = markdown("**a** *b* ~~c~~\n\n3. x\n4. y\n\n| h |\n|---|\n| d |")

    for part in ("<strong>a</strong>", "<em>b</em>", "<s>c</s>", '<ol start="3">', "<td>d</td>"):
        assert part in html
