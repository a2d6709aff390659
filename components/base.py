"""What every component shares: the only place that builds child options, protection, adoption and tags."""

from __future__ import annotations

import gc
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import pulumi
from pulumi.runtime import get_config_env, get_config_secret_keys_env

from settings import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from settings import Accounts, Environment, Role, Stack

Settings = TypeVar("Settings")

ERROR_SHOWN = 32
"""Tells Pulumi's language host that the reason is already on the screen; any other exit code adds a second error."""


def begin(load: Callable[[str, Mapping[str, str], Collection[str]], Settings]) -> Settings:
    """This stack's settings; or the program's end with one error, before it has registered anything."""
    # What the SDKs have loaded stays to the end: a collector that walks it again and again took a quarter of a preview.
    gc.freeze()
    try:
        return load(pulumi.get_stack(), get_config_env(), get_config_secret_keys_env())
    except SettingsError as error:
        pulumi.log.error(str(error))
        sys.exit(ERROR_SHOWN)


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """The facts about one deployment that every component needs, and no setting of any one of them.

    `accounts` are the vendors' accounts that everything is made in. `tags` are the audit's three (4.3: environment,
    project, cost-center). `adopt` maps a role to the vendor's id of an object that already exists.
    """

    environment: Environment
    accounts: Accounts
    tags: Mapping[str, str]
    protects_state: bool
    adopt: Mapping[Role, str]

    @classmethod
    def of(cls, stack: Stack) -> Deployment:
        """Read the shared facts off a stack's settings; only production protects what holds data."""
        return cls(
            environment=stack.environment,
            accounts=stack.accounts,
            tags=stack.tag_map,
            protects_state=stack.is_production,
            adopt=stack.adopt,
        )


@dataclass(frozen=True, kw_only=True)
class ComponentArgs:
    """What a component is built from: its settings model, and outputs of the components before it."""

    deployment: Deployment


class Component(pulumi.ComponentResource):
    """A resource whose children all get their options here.

    Children are named `f"{name}-{role}"`. The caller's `opts` never reach a child (a merged `parent` would hang it
    under the grandparent, a merged `import_` would import it twice): what a child inherits, it inherits through its
    parent.
    """

    def __init__(
        self, kind: str, name: str, deployment: Deployment, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(f"madebuy:{kind}", name, None, opts)
        self._deployment = deployment

    @property
    def tags(self) -> dict[str, str]:
        """The tags for every child that can carry tags (audit 4.3)."""
        return dict(self._deployment.tags)

    def child(
        self,
        *,
        stateful: bool = False,
        adopt: Role | None = None,
        depends_on: Sequence[pulumi.Resource] = (),
        ignore_changes: Sequence[str] = (),
        additional_secret_outputs: Sequence[str] = (),
        delete_before_replace: bool | None = None,
        replace_on_changes: Sequence[str] = (),
        hooks: pulumi.ResourceHookBinding | None = None,
    ) -> pulumi.ResourceOptions:
        """Options for a child.

        What is kept is protected, and stays at its vendor even where Pulumi drops it. The second is needed: for an
        `import_` with another id than the state's the engine deletes the object it had, protected or not (measured,
        v3.259).

        Args:
            stateful: The child holds data that no second `up` brings back; production keeps it.
            adopt: The role under which `madebuy:adopt` may name an existing object: that one is imported, and kept
                whatever the environment, because this program did not make it.
            depends_on: Siblings that must exist first though no property says so.
            ignore_changes: Properties that the vendor changes by itself.
            additional_secret_outputs: Outputs the SDK leaves unmarked.
            delete_before_replace: The vendor refuses two of them at once.
            replace_on_changes: Properties that the vendor changes in place, and what is in it does not survive.
            hooks: Lifecycle hooks, such as a bounded retry.
        """
        existing = self._deployment.adopt.get(adopt) if adopt else None
        kept = True if existing or (stateful and self._deployment.protects_state) else None
        return pulumi.ResourceOptions(
            parent=self,
            protect=kept,
            retain_on_delete=kept,
            import_=existing,
            depends_on=list(depends_on) or None,
            ignore_changes=list(ignore_changes) or None,
            additional_secret_outputs=list(additional_secret_outputs) or None,
            delete_before_replace=delete_before_replace,
            replace_on_changes=list(replace_on_changes) or None,
            hooks=hooks,
        )
