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
        kinds = [line.startswith('{"kind":"resource"') for line in text.splitlines()[1:]]
        print(f"{provider}: {sum(kinds)} resources, {len(kinds) - sum(kinds)} functions, {len(text) // 1024} KB")


if __name__ == "__main__":
    main(sys.argv[1:])
