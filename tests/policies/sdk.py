"""What the installed provider SDKs know: each type token's input properties, nested ones included."""

from __future__ import annotations

import functools
import importlib
import importlib.util
import json
import re
import sys
import warnings
from pathlib import Path
from typing import Any

from pulumi import _types

PACKAGES = {
    "aws": "pulumi_aws",
    "cloudflare": "pulumi_cloudflare",
    "doppler": "pulumiverse_doppler",
    "mongodbatlas": "pulumi_mongodbatlas",
    "random": "pulumi_random",
    "upstash": "upstash_pulumi",
}
LEAF = "leaf"


@functools.cache
def classes(vendor: str) -> dict[str, tuple[str, str]]:
    """Type token -> (module, class)."""
    text = Path(importlib.util.find_spec(PACKAGES[vendor]).origin).read_text(encoding="utf-8")
    listed = json.loads(re.search(r'resource_modules="""\n(.*?)\n"""', text, re.DOTALL)[1])
    return {token: (one["fqn"], name) for one in listed for token, name in one["classes"].items()}


@functools.cache
def properties(token: str) -> dict[str, Any]:
    """The input properties of a type: name -> LEAF, or the tree of a nested object. Lists are left out of the tree.

    Raises:
        KeyError: the SDKs have no such type.
    """
    module, name = classes(token.partition(":")[0])[token]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of AWS's old names, which come with the package
        resource = getattr(importlib.import_module(module), name)
    own = sys.modules[resource.__module__]
    args = getattr(own, f"{name}InitArgs", None) or getattr(own, f"{name}Args")
    return _tree(args, ())


def _tree(args: type, around: tuple[type, ...]) -> dict[str, Any]:
    hints = _types._raw_return_hints(args)
    return {
        wire: _branch(repr(hints.get(wire, hints.get(python))), args, around)
        for python, wire in _types.input_type_py_to_pulumi_names(args).items()
    }


def _branch(hint: str, args: type, around: tuple[type, ...]) -> Any:
    nested = re.search(r"([\w.]*)\b_inputs\.(\w+Args)\b", hint)
    if "Mapping[" in hint or nested is None:
        return LEAF
    package = nested[1].rstrip(".") or args.__module__.rpartition(".")[0]
    inner = getattr(importlib.import_module(f"{package}._inputs"), nested[2])
    return LEAF if inner in around else _tree(inner, (*around, args))


def has(token: str, path: str) -> bool:
    """Whether a type has the property that a path such as `rules[].allowed.origins[]` leads to."""
    branch: Any = properties(token)
    for step in path.replace("[]", "").split("."):
        if branch == LEAF:
            return True  # inside a map or an untyped value, where the SDK knows nothing
        if step not in branch:
            return False
        branch = branch[step]
    return True
