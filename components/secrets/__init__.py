"""Doppler: the environment each app starts with."""

from components.secrets.environments import AppEnvironments, AppEnvironmentsArgs
from components.secrets.provisioned import Sources, provisioned
from components.secrets.zone_token import ZoneToken, ZoneTokenArgs

__all__ = ["AppEnvironments", "AppEnvironmentsArgs", "Sources", "ZoneToken", "ZoneTokenArgs", "provisioned"]
