"""What README and docs/ point to is there: files, headings, make targets, modules and commands."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from operations.__main__ import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
DOCUMENT = re.compile(r"docs/(?!resources/)[\w/.-]+\.(?:md|json|example)")  # docs/resources/ is Terraform providers'
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")

pages = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def prose(page: Path) -> str:
    """A page without what it shows of a program's output."""
    return re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    """What GitHub makes of a page's headings."""
    headings = re.findall(r"^#+ (.+)$", prose(page), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pages
def test_every_link_leads_somewhere(page: Path) -> None:
    lost = []
    for path, anchor in LINK.findall(prose(page)):
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            lost.append(f"{path}#{anchor}")

    assert lost == []


@pages
def test_every_document_that_is_named_is_there(page: Path) -> None:
    named = DOCUMENT.findall(page.read_text(encoding="utf-8"))

    assert [name for name in named if not (ROOT / name).exists()] == []


@pages
def test_every_make_target_that_is_named_is_one(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    named = re.findall(r"(?:^ {4}|`)make ([a-z][a-z-]*)", prose(page), flags=re.MULTILINE)

    assert [name for name in named if name not in targets] == []


@pages
def test_every_command_that_is_named_is_one(page: Path) -> None:
    named = re.findall(r"python3? -m ([a-z_.]+)(?: ([a-z-]+))?", prose(page))

    assert [module for module, _ in named if find_spec(module) is None] == []
    assert [name for module, name in named if module == "operations" and name and name not in COMMANDS] == []


def test_a_heading_has_the_anchor_that_github_gives_it(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# The check of Stripe's addresses is red\n```\n# no heading\n```\n", encoding="utf-8")

    assert anchors(page) == {"the-check-of-stripes-addresses-is-red"}
