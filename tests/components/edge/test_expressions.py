import pytest
from hypothesis import given
from hypothesis import strategies as st
from octorules_wirefilter import parse_expression

from components.edge import expressions as ex

PRINTABLE = st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" "), min_size=1)


@given(text=PRINTABLE)
def test_any_text_comes_back_from_cloudflares_parser_as_it_was_written(text: str) -> None:
    parsed = parse_expression(ex.equals(ex.PATH, text))

    assert (parsed.get("error"), parsed["string_literals"]) == (None, [text])


@given(texts=st.lists(PRINTABLE, min_size=1))
def test_a_set_has_each_text_once_in_the_same_order_however_it_was_listed(texts: list[str]) -> None:
    assert ex.one_of(ex.HOST, texts) == ex.one_of(ex.HOST, [*reversed(texts), texts[0]])


@given(prefixes=st.lists(PRINTABLE, min_size=1, max_size=5))
def test_combined_terms_parse(prefixes: list[str]) -> None:
    expression = ex.all_of(
        ex.starts_with(ex.lower(ex.PATH), *prefixes),
        ex.negation(ex.any_of(ex.equals(ex.HOST, "a"), ex.one_of(ex.METHOD, "b"))),
    )

    assert "error" not in parse_expression(expression)


def test_addresses_are_sorted_by_number_and_single_ones_have_no_prefix() -> None:
    addresses = ["203.0.113.10", "3.18.12.63/32", "2001:db8::/32", "198.51.100.0/24"]

    assert ex.from_addresses(addresses) == "ip.src in {3.18.12.63 198.51.100.0/24 203.0.113.10 2001:db8::/32}"


def test_a_text_with_a_line_break_is_refused() -> None:
    with pytest.raises(ValueError, match="control character"):
        ex.quoted('x" or true\n')


def test_a_host_name_is_no_address() -> None:
    with pytest.raises(ValueError, match="does not appear to be"):
        ex.from_addresses(["stripe.com"])


@pytest.mark.parametrize(
    "empty", [lambda: ex.one_of(ex.HOST, []), lambda: ex.starts_with(ex.PATH), ex.all_of, ex.any_of]
)
def test_nothing_to_match_is_refused_and_never_becomes_everything(empty: object) -> None:
    with pytest.raises(ValueError, match="empty"):
        empty()  # type: ignore[operator] # each parameter is a function without arguments
