"""docs/SANDBOX.md lists what there is."""

from __future__ import annotations

import re

from sandbox import rules, vendors
from sandbox.docs import DOCUMENT, PARTS, written


def test_the_document_is_the_generated_one() -> None:
    text = DOCUMENT.read_text()

    assert written(text) == text, "stale: run `python -m sandbox.docs`"


def test_every_generated_part_is_in_it() -> None:
    text = DOCUMENT.read_text()

    assert all(f"<!-- generated: {name} -->" in text for name in PARTS)


def test_every_type_and_every_rule_is_listed() -> None:
    text = DOCUMENT.read_text()

    assert all(f"| {kind.label} |" in text for kind in vendors.KINDS.values())
    assert all(f"| {rule} |" in text for rule in rules.RULES)


def test_the_legend_has_the_short_forms_that_sources_use() -> None:
    table = DOCUMENT.read_text().partition("| short |")[2].partition("\n\n")[0]
    legend = set(re.findall(r"^\| ([A-Z]+) \|", table, flags=re.MULTILINE))
    used = {short for rule in rules.RULES.values() for short in re.findall(r"(?:^|; )([A-Z]+): ", rule.source)}

    assert legend == used
