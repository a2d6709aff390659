"""What the sandbox knows of one simulated type beyond its schema: a small record, interpreted by the world."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sandbox.cloud import Cloud, Reader, Thing
    from sandbox.wire import Props, Value


TOO_MANY = 429


class VendorError(Exception):
    """What a vendor answers when it does not do what was asked; the text is the vendor's."""


@dataclass
class Making:
    """One object on its way into the cloud: what was asked, what it is so far, what it was before."""

    cloud: Reader
    kind: Kind
    inputs: Props
    state: Props
    id: str = ""
    old: Props | None = None

    def __getitem__(self, name: str) -> Value:
        return self.state.get(name)


class OnDuplicate(Enum):
    """What a vendor does when asked to create what exists."""

    REFUSE = "refuses"
    ADOPT = "answers with the existing one"
    OVERWRITE = "sets the one there is"
    ALLOW = "makes another one"


class OnDelete(Enum):
    """What a vendor's delete does, as the real provider calls it."""

    REMOVE = "removes the object"
    KEEP = "does nothing: the provider's delete is empty"


@dataclass(frozen=True)
class Kind:
    """A simulated type.

    Attributes:
        token: Pulumi's type token.
        source: Where the vendor's behaviour was read.
        id: Makes the id of a new object.
        key: What `pulumi import` takes, and what is unique in the vendor's account. `{id}` or property names.
        scope: Properties that name the parent; a name is unique inside it.
        name: Properties that an object is known by inside the scope; what a second one meets is `on_duplicate`.
        taken: The vendor's words for a name that is in use.
        inside: Types whose removal takes the object with it, when its scope is their inner one.
        inner: The scope that an object of this type is to others.
        outputs: What the vendor computes at create, for a property the program did not set.
        fresh: Outputs that change with every update.
        shape: Fills in nested values after the outputs.
        normal: Properties that the vendor writes its own way: property -> (state, cloud) -> that way.
        json_text: Properties that hold a JSON document; another way to write it is no difference.
        policies: Of these, AWS' policies: the order of a list, or a list of one, is no difference either.
        unreadable: Properties the vendor never returns: read keeps what the program knows, import has none.
        replaces: Further properties whose change, from one value to another, needs a new object: (old, new) -> names.
        not_ready: Says, once, why the vendor cannot make it yet; asked before every create.
        applies: What of an update the provider really does: (state, asked) -> asked.
        shows: What a read shows a program of the vendor's state: (state, asked) -> state.
        parents: Property -> token of the object it must name.
        in_use: Says why the object cannot be deleted, None where it can.
        left_by: The property that, where it is set, makes the provider's delete leave the object to the vendor.
        keeps: Says why the object cannot be changed by hand, (before, after), None where it can.
        autoname: The property that gets a name from the logical one when the program gives none.
        stateless: There is no vendor: the object is only in Pulumi's state.
    """

    token: str
    source: str
    id: Callable[[Making], str]
    key: str | Callable[[Props, str], str] = "{id}"
    scope: tuple[str, ...] = ()
    name: tuple[str, ...] = ()
    taken: Callable[[Making], str] | None = None
    inside: tuple[str, ...] = ()
    inner: Callable[[Thing], str] = field(default=lambda thing: thing.id)
    on_duplicate: OnDuplicate = OnDuplicate.REFUSE
    on_delete: OnDelete = OnDelete.REMOVE
    outputs: Mapping[str, Callable[[Making], Value]] = field(default_factory=dict)
    fresh: frozenset[str] = frozenset()
    shape: Callable[[Making], None] | None = None
    normal: Mapping[str, Callable[[Props, Reader], Value]] = field(default_factory=dict)
    json_text: frozenset[str] = frozenset()
    policies: frozenset[str] = frozenset()
    unreadable: frozenset[str] = frozenset()
    replaces: Callable[[Props, Props], set[str]] | None = None
    not_ready: Callable[[Cloud, Props], str | None] | None = None
    applies: Callable[[Props, Props], Props] | None = None
    shows: Callable[[Props, Props], Props] | None = None
    parents: Mapping[str, str] = field(default_factory=dict)
    in_use: Callable[[Cloud, Thing], str | None] | None = None
    left_by: str | None = None
    keeps: Callable[[Cloud, Thing, Thing], str | None] | None = None
    autoname: str | None = None
    importable: bool = True
    stateless: bool = False

    def scope_of(self, state: Props) -> str:
        """The scope of an object in a state."""
        return _join(self.scope, state)

    def name_of(self, state: Props) -> str:
        """What an object in a state is known by inside its scope."""
        return _join(self.name, state)

    def key_of(self, state: Props, id_: str) -> str:
        """The object's key in the vendor's account."""
        if callable(self.key):
            return self.key(state, id_)
        return self.key.format_map({**{k: v for k, v in state.items() if isinstance(v, (str, int))}, "id": id_})

    @property
    def provider(self) -> str:
        """The provider's name in the token."""
        return self.token.split(":", 1)[0]

    @property
    def label(self) -> str:
        """The class name in the token."""
        return self.token.rsplit(":", 1)[-1]


@dataclass(frozen=True)
class Vendor:
    """One vendor: what it has, and its words for what it does not have or cannot do."""

    kinds: tuple[Kind, ...]
    no_parent: Callable[[Kind, str, str], str]
    not_found: Callable[[Kind, str], str]
    broken: Callable[[Kind, int], str]
    functions: Mapping[str, Callable[[Cloud, Props], Props]] = field(default_factory=dict)


def _join(names: tuple[str, ...], state: Props) -> str:
    return "/".join(str(at(state, name)) for name in names)


def at(state: Props, path: str) -> Value:
    """The value at a dotted path, None where it is missing."""
    value: Value = state
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value
