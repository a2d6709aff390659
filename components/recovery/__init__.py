"""AWS: the key behind the database's encryption at rest."""

from components.recovery.atlas_key import AtlasKey, AtlasKeyArgs

__all__ = ["AtlasKey", "AtlasKeyArgs"]
