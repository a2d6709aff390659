"""What a stack may say: closed models, one per concern, and one loader that checks them together.

    stack = load("staging", config, secret_keys)

This room imports nothing of Pulumi. The words of a stack file are in `settings.types`, what vendors' plans allow in
`settings.limits`, the audit's three options in `settings.profiles`, the rules between concerns in `settings.rules`.
"""

from settings.accounts import Accounts, CostCenter, Tags
from settings.adopt import Role
from settings.apps import App, Apps, Origin
from settings.backups import Backups, CompliancePolicy, LockedBucket, SnapshotExport
from settings.cache import Cache, PageCache
from settings.database import AccessEntry, ConnectionPool, Database, LogExport, Maintenance, PrivateEndpoint
from settings.delivery import Caching
from settings.edge import Edge, LoadBalancer, TenantDomains
from settings.errors import Problem, SettingsError
from settings.file import read_stack_file
from settings.firewall import Bots, Firewall, RateLimit, SignInLimit
from settings.limits import AtlasTier, CloudflarePlan
from settings.load import load, load_organization
from settings.mail import Dmarc, Mail, Resend, TextRecord
from settings.monitoring import Monitoring
from settings.organization import Deployment, Organization
from settings.profiles import Profile, ProfileName, Promises
from settings.recovery import Recovery
from settings.rotation import Live, Pair
from settings.secrets import Secrets
from settings.stack import Stack
from settings.storage import BackupBucket, MediaBucket, Storage
from settings.tls import HostTlsException, Hsts, OriginTls, Tls, TlsException
from settings.types import AtlasRegion, Environment

__all__ = [
    "AccessEntry",
    "Accounts",
    "App",
    "Apps",
    "AtlasRegion",
    "AtlasTier",
    "BackupBucket",
    "Backups",
    "Bots",
    "Cache",
    "Caching",
    "CloudflarePlan",
    "CompliancePolicy",
    "ConnectionPool",
    "CostCenter",
    "Database",
    "Deployment",
    "Dmarc",
    "Edge",
    "Environment",
    "Firewall",
    "HostTlsException",
    "Hsts",
    "Live",
    "LoadBalancer",
    "LockedBucket",
    "LogExport",
    "Mail",
    "Maintenance",
    "MediaBucket",
    "Monitoring",
    "Organization",
    "Origin",
    "OriginTls",
    "PageCache",
    "Pair",
    "PrivateEndpoint",
    "Problem",
    "Profile",
    "ProfileName",
    "Promises",
    "RateLimit",
    "Recovery",
    "Resend",
    "Role",
    "Secrets",
    "SettingsError",
    "SignInLimit",
    "SnapshotExport",
    "Stack",
    "Storage",
    "Tags",
    "TenantDomains",
    "TextRecord",
    "Tls",
    "TlsException",
    "load",
    "load_organization",
    "read_stack_file",
]
