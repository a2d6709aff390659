"""What the sandbox knows of one simulated type beyond its schema: a small record, interpreted by the provider."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sandbox.cloud import Cloud
    from sandbox.wire import Props, Value


class Refusal(Exception):
    """What a vendor answers when it does not do what was asked; the text is the vendor's."""


@dataclass
class Making:
    """One object on its way into the cloud: what was asked, what it is so far, what is already there."""

    cloud: Cloud
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
    OVERWRITE = "has only one and sets it"


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
        scope: Properties that name the parent; a name is unique inside it, and deleting the parent deletes this.
        name: Properties that together must be unique inside the scope; empty where the vendor allows twins.
        outputs: What the vendor computes at create, for a property the program did not set.
        fresh: Outputs that change with every update.
        shape: Fills in nested values after the outputs.
        unreadable: Properties the vendor never returns: read keeps what the program gave, import has none.
        parents: Property -> token of the object it must name.
        json_text: Properties that hold a JSON document; the vendor writes it its own way, which is no difference.
        in_use: Says why the object cannot be deleted, None where it can.
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
    on_duplicate: OnDuplicate = OnDuplicate.REFUSE
    on_delete: OnDelete = OnDelete.REMOVE
    outputs: Mapping[str, Callable[[Making], Any]] = field(default_factory=dict)
    fresh: frozenset[str] = frozenset()
    shape: Callable[[Making], None] | None = None
    unreadable: frozenset[str] = frozenset()
    json_text: frozenset[str] = frozenset()
    parents: Mapping[str, str] = field(default_factory=dict)
    in_use: Callable[[Cloud, Props], str | None] | None = None
    autoname: str | None = None
    importable: bool = True
    stateless: bool = False

    def join(self, names: tuple[str, ...], state: Props) -> str:
        """The values of some properties as one text."""
        return "/".join(str(at(state, name)) for name in names)

    def key_of(self, state: Props, id_: str) -> str:
        """The object's key in the vendor's account."""
        if callable(self.key):
            return self.key(state, id_)
        return self.key.format_map({**{k: v for k, v in state.items() if isinstance(v, (str, int))}, "id": id_})


def at(state: Props, path: str) -> Value:
    """The value at a dotted path, None where it is missing."""
    value: Value = state
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value
