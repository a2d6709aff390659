"""What the vendors do with what they are asked: the objects' lives, without any protocol."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sandbox import check, rules, vendors
from sandbox.cloud import Thing
from sandbox.foreseen import CannotTellError
from sandbox.kind import Making, OnDelete, OnDuplicate, VendorError
from sandbox.plan import NOWHERE, Plan
from sandbox.rules import Ask
from sandbox.state import as_asked, filled, merged, planned, visible
from sandbox.wire import UNKNOWN, Props, has_unknown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sandbox.cloud import Cloud, Reader
    from sandbox.kind import Kind
    from sandbox.schema import Type


@dataclass(frozen=True)
class Found:
    """An object as a read answers it."""

    id: str
    state: Props
    inputs: Props


class World:
    """Every vendor's account, and what a preview of a change to them would say."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self._plan = Plan(cloud)
        self._planning = threading.RLock()  # the engine previews many resources at once

    def problems(self, type_: Type, inputs: Props, name: str) -> list[str]:
        """Everything that can be refused by looking at one resource alone."""
        found = check.problems(type_, inputs, name)
        # To a rule, what has not even its form is unknown.
        asked = {**inputs, **dict.fromkeys(check.misshapen(type_, inputs), UNKNOWN)} if found else inputs
        breaches = rules.breaches(Ask(type_, asked))
        return [*found, *(f"{text}. Examine values at '{name}.{path}'." for _, path, text in breaches)]

    def preview_create(self, type_: Type, kind: Kind, urn: str, inputs: Props) -> Props:
        """A new object as far as a preview can know it.

        Raises:
            VendorError: the vendor would refuse it, and all that this depends on is known.
        """
        state = planned(type_, kind, inputs)
        if kind.stateless:
            return state
        with self._planning:
            beside = self._plan.beside(urn)
            # What the vendor will decide is unknown to the program, but no question to a rule: nothing is asked there.
            self._refuse(Ask(type_, filled(type_.inputs, inputs, None, preview=False)), beside)
            with suppress(CannotTellError):
                self._needs_parents(kind, state, beside)
            scope, name = _known(kind, state)
            if name and kind.on_duplicate is OnDuplicate.REFUSE and beside.namesakes(kind.token, scope, name):
                raise VendorError(_taken(kind, Making(self.cloud, kind, inputs, state)))
            self._plan.add(urn, Thing(kind.token, f"planned:{urn}", "", scope, name, state, inputs))
        return state

    def create(self, type_: Type, kind: Kind, inputs: Props) -> Thing:
        """Makes an object.

        Raises:
            VendorError: the vendor refuses it.
        """
        making = Making(self.cloud, kind, inputs, filled(type_.inputs, inputs, None, preview=False))
        if kind.stateless:
            self._compute(making, kind.outputs)
            return self._thing(making, kind.id(making))
        unready = kind.not_ready(self.cloud, making.state) if kind.not_ready else None
        if unready:
            raise VendorError(unready)
        with self.cloud.transaction():
            self._normalise(making)
            self._refuse(Ask(type_, making.state), self.cloud)
            self._needs_parents(kind, making.state, self.cloud)
            twin = self._twin(making)
            if twin is not None and kind.on_duplicate is OnDuplicate.ADOPT:
                return twin
            making.id = twin.id if twin else kind.id(making)
            self._compute(making, kind.outputs)
            thing = self._thing(making, making.id)
            if kind.on_duplicate is not OnDuplicate.OVERWRITE and self.cloud.get(kind.token, thing.key):
                raise VendorError(_taken(kind, making))
            self.cloud.put(thing)
        return thing

    def read(self, type_: Type, kind: Kind, id_: str, state: Props, inputs: Props) -> Found | None:
        """An object as the vendor has it; by its import id alone where the program knows no state of it.

        Raises:
            VendorError: the provider can't import such an object.
        """
        if kind.stateless:
            return Found(id_, state, inputs) if state else None
        if not state and not kind.importable:
            raise VendorError(f"{kind.token} can't be imported: the provider has no import for it")
        thing = self.cloud.get(kind.token, kind.key_of(state, id_) if state else id_)
        if thing is None:
            return None
        if state:
            shown = kind.shows(thing.state, inputs) if kind.shows else thing.state
            return Found(thing.id, visible(kind, shown, state), as_asked(type_, kind, self.cloud, inputs, shown))
        asked = {n: v for n, v in thing.state.items() if n in thing.inputs and n not in kind.unreadable}
        return Found(thing.id, visible(kind, thing.state, {}), asked)

    def preview_update(self, type_: Type, kind: Kind, urn: str, id_: str, olds: Props, news: Props) -> Props:
        """An object after an update, as far as a preview can know it.

        Raises:
            VendorError: the vendor would refuse it, and all that this depends on is known.
        """
        asked, state = merged(type_, news, olds, preview=False), merged(type_, news, olds, preview=True)
        scope, name = _known(kind, state)
        with self._planning:
            beside = self._plan.beside(urn)
            self._refuse(Ask(type_, asked, olds, id_), beside)
            renamed = bool(kind.name and name) and (scope, name) != (kind.scope_of(olds), kind.name_of(olds))
            if renamed and kind.on_duplicate is not OnDuplicate.ALLOW and beside.namesakes(kind.token, scope, name):
                raise VendorError(_taken(kind, Making(self.cloud, kind, news, state)))
            self._plan.change(urn, Thing(kind.token, kind.key_of(olds, id_), id_, scope, name, state, news))
        return {**state, **dict.fromkeys(kind.fresh, UNKNOWN)}

    def has(self, urn: str, kind: Kind, id_: str, state: Props) -> None:
        """Hears which object a resource has, so that a preview of its replacement does not collide with it."""
        with self._planning:
            self._plan.see(urn, kind.token, kind.key_of(state, id_))

    def forget_plans(self, provider: str) -> None:
        """Hears that a new run of the CLI starts: what the last one planned of a provider is done or given up."""
        with self._planning:
            self._plan.forget(provider)

    def update(self, type_: Type, kind: Kind, id_: str, olds: Props, news: Props) -> Props:
        """Changes an object and returns its state.

        Raises:
            VendorError: the vendor refuses the change or does not have the object.
        """
        if kind.stateless:
            return merged(type_, news, olds, preview=False)
        with self.cloud.transaction():
            thing = self.cloud.get(kind.token, kind.key_of(olds, id_))
            if thing is None:
                raise VendorError(vendors.vendor_of(kind).not_found(kind, id_))
            applied = kind.applies(thing.state, news) if kind.applies else news
            state = merged(type_, applied, thing.state, preview=False)
            making = Making(self.cloud, kind, news, state, thing.id, thing.state)
            self._normalise(making)
            self._refuse(Ask(type_, state, thing.state, thing.id), self.cloud)
            self._needs_parents(kind, state, self.cloud)
            self._compute(making, kind.fresh)
            changed = self._thing(making, thing.id)
            if changed.name != thing.name and self._twin(making):
                raise VendorError(_taken(kind, making))
            if changed.key != thing.key:
                self.cloud.remove(thing)
            self.cloud.put(changed)
        return visible(kind, state, {**olds, **news})

    def delete(self, kind: Kind, id_: str, state: Props) -> None:
        """Removes an object and what lives inside it; one that is already gone is no error.

        Raises:
            VendorError: the vendor refuses to remove it.
        """
        if kind.stateless or kind.on_delete is OnDelete.KEEP or (kind.left_by and state.get(kind.left_by)):
            return
        with self.cloud.transaction():
            thing = self.cloud.get(kind.token, kind.key_of(state, id_))
            if thing is not None:
                self.remove(thing)

    def remove(self, thing: Thing) -> None:
        """Removes an object of the account and, as its vendor does, what lives inside it.

        Raises:
            VendorError: the vendor refuses to remove it.
        """
        kind = vendors.KINDS[thing.type]
        with self.cloud.transaction():
            reason = kind.in_use(self.cloud, thing) if kind.in_use else None
            if reason:
                raise VendorError(reason)
            self._remove_all(thing)

    def amend(self, thing: Thing) -> None:
        """Changes an object behind Pulumi's back: its state is what the vendor now has.

        Raises:
            VendorError: the vendor refuses the change.
        """
        kind = vendors.KINDS[thing.type]
        with self.cloud.transaction():
            before = self.cloud.get(thing.type, thing.key)
            reason = kind.keeps(self.cloud, before, thing) if kind.keeps and before else None
            if reason:
                raise VendorError(reason)
            scope, name = kind.scope_of(thing.state), kind.name_of(thing.state)
            self.cloud.put(replace(thing, scope=scope, name=name))

    def _remove_all(self, thing: Thing) -> None:
        self.cloud.remove(thing)
        scope = vendors.KINDS[thing.type].inner(thing)
        for inner in vendors.INSIDE.get(thing.type, ()):
            for child in self.cloud.all(inner, scope):
                self._remove_all(child)

    @staticmethod
    def _refuse(ask: Ask, cloud: Reader) -> None:
        found = rules.refusals(ask, cloud)
        if found:
            raise VendorError("\n".join(text for _, text in found))

    @staticmethod
    def _needs_parents(kind: Kind, state: Props, cloud: Reader) -> None:
        for name, parent in kind.parents.items():
            value = state.get(name)
            if isinstance(value, str) and not cloud.exists(parent, value):
                raise VendorError(vendors.vendor_of(kind).no_parent(kind, parent, value))

    @staticmethod
    def _normalise(making: Making) -> None:
        for name, form in making.kind.normal.items():
            if making.state.get(name) is not None:
                making.state[name] = form(making.state, making.cloud)

    @staticmethod
    def _compute(making: Making, names: Iterable[str]) -> None:
        for name in names:
            if making.state.get(name) is None or name in making.kind.fresh:
                making.state[name] = making.kind.outputs[name](making)
        if making.kind.shape is not None:
            making.kind.shape(making)

    def _twin(self, making: Making) -> Thing | None:
        kind = making.kind
        if not kind.name or kind.on_duplicate is OnDuplicate.ALLOW:
            return None
        twin = self.cloud.named(kind.token, kind.scope_of(making.state), kind.name_of(making.state))
        if twin is not None and kind.on_duplicate is OnDuplicate.REFUSE:
            raise VendorError(_taken(kind, making))
        return twin

    @staticmethod
    def _thing(making: Making, id_: str) -> Thing:
        kind, state = making.kind, making.state
        key = "" if kind.stateless else kind.key_of(state, id_)
        return Thing(kind.token, key, id_, kind.scope_of(state), kind.name_of(state), state, making.inputs)


def _known(kind: Kind, state: Props) -> tuple[str, str]:
    """Scope and name of a planned object; nowhere and without a name where a part of either is unknown."""
    if any(has_unknown(state.get(n.split(".", 1)[0])) for n in (*kind.scope, *kind.name)):
        return NOWHERE, ""
    return kind.scope_of(state), kind.name_of(state)


def _taken(kind: Kind, making: Making) -> str:
    return kind.taken(making) if kind.taken else f"{kind.label} {kind.name_of(making.state)} already exists"
