"""Web addresses in plain text."""

import pytest

from core.templatetags.links import linked


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("for you (ana@example.org). Once.", "for you (ana@example.org). Once."),
        ("(see http://a.org/b).", '(see <a href="http://a.org/b" rel="nofollow">http://a.org/b</a>).'),
        (
            "https://a.org/?x=1&y=2\n",
            '<a href="https://a.org/?x=1&amp;y=2" rel="nofollow">https://a.org/?x=1&amp;y=2</a>\n',
        ),
        ("<b> <http://a.org>", '&lt;b&gt; &lt;<a href="http://a.org" rel="nofollow">http://a.org</a>&gt;'),
        ("javascript:alert(1) http", "javascript:alert(1) http"),
    ],
)
def test_nothing_of_the_text_is_lost_and_only_addresses_are_linked(text: str, html: str) -> None:
    assert linked(text) == html
