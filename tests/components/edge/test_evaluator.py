import pytest

from tests.components.edge.evaluator import Request, matches

HERE = Request(host="a.example", path="/Shop/x", cookie="b=1; session=2", source="203.0.113.9", query="_rsc=1&q=")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("true", True),
        ('http.host eq "a.example"', True),
        ('http.host eq "A.example"', False),
        ('http.host ne "b.example"', True),
        ('http.host in {"b.example" "a.example"}', True),
        ('not http.host in {"b.example"}', True),
        ('http.cookie contains "session="', True),
        ("ip.src in {198.51.100.0/24 203.0.113.9}", True),
        ("ip.src in {203.0.113.0/29}", False),
        ("ip.src in {2001:db8::/32}", False),
        ("http.response.code ge 400", False),
        ('starts_with(http.request.uri.path, "/Shop")', True),
        ('starts_with(lower(http.request.uri.path), "/shop")', True),
        ('ends_with(http.host, ".example")', True),
        ('any(http.request.headers["rsc"][*] eq "1")', False),
        ('any(http.request.headers.names[*] eq "authorization")', False),
        ('any(http.request.uri.args.names[*] in {"_rsc" "x"})', True),
        # not, then and, then xor, then or
        ('http.host eq "x" and http.host eq "x" or http.host eq "a.example"', True),
        ('http.host eq "a.example" or http.host eq "x" and http.host eq "x"', True),
        ('not http.host eq "x" and http.host eq "x"', False),
        ('(http.host eq "a.example" or http.host eq "x") and http.host eq "x"', False),
        ('http.host eq "a.example" xor http.request.method eq "GET"', False),
    ],
)
def test_an_expression_means_what_cloudflare_documents(expression: str, *, expected: bool) -> None:
    assert matches(expression, HERE) is expected


def test_quotes_and_backslashes_in_a_text_are_part_of_it() -> None:
    assert matches(r'http.request.uri.path eq "/a\"\\b"', Request(path='/a"\\b'))


@pytest.mark.parametrize("expression", ["http.host eq", 'bogus.field eq "x"', 'http.host eq "a" and'])
def test_what_cloudflares_grammar_refuses_is_refused(expression: str) -> None:
    with pytest.raises(ValueError, match="Filter parsing error"):
        matches(expression, HERE)


@pytest.mark.parametrize(
    "expression", ['upper(http.host) eq "A"', 'http.referer eq "x"', 'http.host matches "a"', "ssl"]
)
def test_what_the_evaluator_does_not_know_is_refused_not_guessed(expression: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        matches(expression, HERE)
