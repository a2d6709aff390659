"""The `.env.example` of each app."""

from pathlib import Path

import pytest

from settings.contract import AppName, variables_of
from settings.examples import examples

FILES = {path.name.split(".")[0]: path for path in examples()}


@pytest.mark.parametrize("path", list(examples()), ids=lambda path: path.name)
def test_the_committed_example_is_what_the_contract_says(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == examples()[path], "run `python -m settings.examples`"


@pytest.mark.parametrize("app", AppName)
def test_an_example_names_every_variable_of_its_app_and_gives_no_value(app: AppName) -> None:
    lines = [line for line in FILES[app].read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]

    assert sorted(lines) == sorted(f"{variable.name}=" for variable in variables_of(app))


def test_what_is_required_comes_before_what_is_not() -> None:
    required, _, optional = FILES["web"].read_text(encoding="utf-8").partition("# Optional")

    assert "STRIPE_SECRET_KEY=" in required
    assert "RESEND_API_KEY=" in optional
