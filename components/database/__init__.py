"""MongoDB Atlas: the project, who may reach it, the cluster, its backups, and each app's user."""

from components.database.access import AppAccess, AppAccessArgs, connection_uri
from components.database.alerts import Alerts, AlertsArgs
from components.database.cluster import Cluster, ClusterArgs
from components.database.project import Project, ProjectArgs

__all__ = [
    "Alerts",
    "AlertsArgs",
    "AppAccess",
    "AppAccessArgs",
    "Cluster",
    "ClusterArgs",
    "Project",
    "ProjectArgs",
    "connection_uri",
]
