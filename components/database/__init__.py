"""MongoDB Atlas: the project, who may reach it, the cluster, its backups, its users, and who is told of trouble."""

from components.database.access import Access, AccessArgs, connection_uri
from components.database.alerts import Alerts, AlertsArgs
from components.database.cluster import Cluster, ClusterArgs
from components.database.private_endpoint import PrivateEndpoint, PrivateEndpointArgs
from components.database.privileges import Client
from components.database.project import Project, ProjectArgs

__all__ = [
    "Access",
    "AccessArgs",
    "Alerts",
    "AlertsArgs",
    "Client",
    "Cluster",
    "ClusterArgs",
    "PrivateEndpoint",
    "PrivateEndpointArgs",
    "Project",
    "ProjectArgs",
    "connection_uri",
]
