"""`python -m sandbox.schema`: writes every provider's schema again, or one's that is named."""

from __future__ import annotations

import contextlib
import io
import sys

from sandbox.schema.generate import PACKAGES, file_of, generate


def main(providers: list[str]) -> None:
    """Writes the schema files and says how many types each has."""
    for provider in providers or list(PACKAGES):
        with contextlib.redirect_stderr(io.StringIO()):  # the SDKs warn of every deprecated class
            text = generate(provider)
        file_of(provider).write_text(text)
        resources, functions = (text.count(f'\n{{"kind":"{kind}"') for kind in ("resource", "function"))
        print(f"{provider}: {resources} resources, {functions} functions, {len(text) // 1024} KB")


if __name__ == "__main__":
    main(sys.argv[1:])
