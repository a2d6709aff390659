"""Started by the engine, as `pulumi preview --policy-pack PATH`: makes the pack importable, then serves it."""

import sys
from pathlib import Path
from types import ModuleType

PACK = Path(__file__).resolve().parent
# Run as a program, the pack's own folder comes first on the path, where its module names would hide others'.
sys.path[:] = [entry for entry in sys.path if entry not in {str(PACK), ""}]
# The folder may have any name, wherever somebody copied it; its modules know each other as `policies`.
pack = ModuleType("policies")
pack.__path__ = [str(PACK)]
sys.modules["policies"] = pack

from policies.server import serve  # noqa: E402 importable only after the lines above

serve()
