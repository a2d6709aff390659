"""The vendors' own answer to a mutant: the shipped stacks lie deployed in a sandbox, one object is asked for anew."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from sandbox import schema
from sandbox.cloud import Cloud, Thing
from sandbox.kind import VendorError
from sandbox.vendors import KINDS
from sandbox.wire import decode, encode
from sandbox.world import World as Account
from tests.engine.running import ROOT, World
from tests.policies.shipped import RECORDER, Told, recorded

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.kind import Kind
    from tests.policies.mutants import Mutant

PROJECTS = {"prod": ("madebuy", ROOT), "staging": ("madebuy", ROOT)} | {
    "organization": ("madebuy-organization", ROOT / "organization")
}


class Deployed:
    """The shipped stacks at their vendors."""

    def __init__(self, home: Path) -> None:
        self.told: dict[str, Told] = {}
        """What a pack hears at deployment, when every value is known."""
        self._objects: dict[str, dict[str, Any]] = {}
        for stack, (project, folder) in PROJECTS.items():
            world, record = World(home, folder), home / f"{stack}.jsonl"
            up = world.pulumi(
                stack, "up", "--yes", "--skip-preview", "--policy-pack", str(RECORDER), RECORD_TO=str(record)
            )
            assert up.code == 0, up.text
            self.told[stack] = recorded(record)
            self._objects |= {one["urn"]: one for one in world.resources(stack, project) if one.get("custom")}
        self._account = Account(Cloud(home / "cloud.db"))

    def refusal(self, mutant: Mutant) -> str:
        """Why a vendor refuses the mutant, beside everything else that is deployed; nothing where it takes it."""
        assert mutant.change is not None
        kind, type_ = KINDS[mutant.type], schema.lookup(mutant.type)
        assert type_ is not None
        there = self._thing(kind, self._objects[mutant.urn])
        asked = copy.deepcopy(there.inputs)
        mutant.change(asked)
        asked = decode(encode(asked))
        if kind.autoname:
            asked.setdefault(kind.autoname, there.name)
        problems = self._account.problems(type_, asked, mutant.urn.rpartition("::")[2])
        if problems:
            return problems[0]
        self._account.forget_plans(kind.provider)
        self._account.has(mutant.urn, kind, there.id, there.state)
        try:
            self._account.preview_create(type_, kind, mutant.urn, asked)
        except VendorError as refused:
            return str(refused)
        return ""

    def _thing(self, kind: Kind, object_: dict[str, Any]) -> Thing:
        same = [one for one in self._account.cloud.everything(kind.token) if one.id == object_["id"]]
        # Only what has an id that others share (a setting of a zone) has its whole key in the state.
        found = same[0] if len(same) == 1 else self._account.cloud.get(kind.token, _key(kind, object_))
        assert found is not None
        return found


def _key(kind: Kind, object_: dict[str, Any]) -> str:
    return kind.key_of(object_["inputs"] | object_["outputs"], object_["id"])
