"""Started by the engine, as `pulumi preview --policy-pack policies`: puts the pack on the import path and serves it."""

import sys
from pathlib import Path

PACK = str(Path(__file__).resolve().parent)
# Run as a program, the pack's own folder comes first on the path, where its module names would hide others'.
sys.path[:] = [str(Path(PACK).parent), *(entry for entry in sys.path if entry not in {PACK, ""})]

from policies.server import serve  # noqa: E402 importable only after the line above

serve()
