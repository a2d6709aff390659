"""The type tokens that rules read, by the vendors' names. A test looks each one up in the installed SDKs."""

from collections.abc import Mapping
from typing import Final

# Cloudflare
ZONE: Final = "cloudflare:index/zone:Zone"
ZONE_SETTING: Final = "cloudflare:index/zoneSetting:ZoneSetting"
ZONE_DNSSEC: Final = "cloudflare:index/zoneDnssec:ZoneDnssec"
ZONE_SUBSCRIPTION: Final = "cloudflare:index/zoneSubscription:ZoneSubscription"
UNIVERSAL_SSL: Final = "cloudflare:index/universalSslSetting:UniversalSslSetting"
BOT_MANAGEMENT: Final = "cloudflare:index/botManagement:BotManagement"
DNS_RECORD: Final = "cloudflare:index/dnsRecord:DnsRecord"
RULESET: Final = "cloudflare:index/ruleset:Ruleset"
LOAD_BALANCER: Final = "cloudflare:index/loadBalancer:LoadBalancer"
LOAD_BALANCER_POOL: Final = "cloudflare:index/loadBalancerPool:LoadBalancerPool"
LOAD_BALANCER_MONITOR: Final = "cloudflare:index/loadBalancerMonitor:LoadBalancerMonitor"
HEALTHCHECK: Final = "cloudflare:index/healthcheck:Healthcheck"
PAGE_SHIELD_POLICY: Final = "cloudflare:index/pageShieldPolicy:PageShieldPolicy"
NOTIFICATION_POLICY: Final = "cloudflare:index/notificationPolicy:NotificationPolicy"
R2_BUCKET: Final = "cloudflare:index/r2Bucket:R2Bucket"
R2_BUCKET_CORS: Final = "cloudflare:index/r2BucketCors:R2BucketCors"
R2_BUCKET_LOCK: Final = "cloudflare:index/r2BucketLock:R2BucketLock"
R2_BUCKET_LIFECYCLE: Final = "cloudflare:index/r2BucketLifecycle:R2BucketLifecycle"
R2_CUSTOM_DOMAIN: Final = "cloudflare:index/r2CustomDomain:R2CustomDomain"
R2_MANAGED_DOMAIN: Final = "cloudflare:index/r2ManagedDomain:R2ManagedDomain"
LEAKED_CREDENTIAL_CHECK: Final = "cloudflare:index/leakedCredentialCheck:LeakedCredentialCheck"
URL_NORMALIZATION: Final = "cloudflare:index/urlNormalizationSettings:UrlNormalizationSettings"
TURNSTILE_WIDGET: Final = "cloudflare:index/turnstileWidget:TurnstileWidget"
ACCOUNT: Final = "cloudflare:index/account:Account"
ACCOUNT_TOKEN: Final = "cloudflare:index/accountToken:AccountToken"  # noqa: S105 a type, not a secret
API_TOKEN: Final = "cloudflare:index/apiToken:ApiToken"  # noqa: S105 a type, not a secret
FIREWALL_RULE: Final = "cloudflare:index/firewallRule:FirewallRule"
FILTER: Final = "cloudflare:index/filter:Filter"
RATE_LIMIT: Final = "cloudflare:index/rateLimit:RateLimit"
PAGE_RULE: Final = "cloudflare:index/pageRule:PageRule"
IP_ACCESS_RULE: Final = "cloudflare:index/accessRule:AccessRule"
MANAGED_TRANSFORMS: Final = "cloudflare:index/managedTransforms:ManagedTransforms"
HOSTNAME_TLS: Final = "cloudflare:index/hostnameTlsSetting:HostnameTlsSetting"
CUSTOM_HOSTNAME: Final = "cloudflare:index/customHostname:CustomHostname"
WORKER: Final = "cloudflare:index/workersScript:WorkersScript"
WORKER_SUBDOMAIN: Final = "cloudflare:index/workersScriptSubdomain:WorkersScriptSubdomain"
WORKER_ROUTE: Final = "cloudflare:index/workersRoute:WorkersRoute"
WORKER_DOMAIN: Final = "cloudflare:index/workersCustomDomain:WorkersCustomDomain"
PAGES_PROJECT: Final = "cloudflare:index/pagesProject:PagesProject"
ACCESS_POLICY: Final = "cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy"
ACCESS_SERVICE_TOKEN: Final = "cloudflare:index/zeroTrustAccessServiceToken:ZeroTrustAccessServiceToken"  # noqa: S105 a type, not a secret
TUNNEL_CONFIG: Final = "cloudflare:index/zeroTrustTunnelCloudflaredConfig:ZeroTrustTunnelCloudflaredConfig"

# MongoDB Atlas
LEGACY_CLUSTER: Final = "mongodbatlas:index/cluster:Cluster"
ATLAS_PROJECT_API_KEY: Final = "mongodbatlas:index/projectApiKey:ProjectApiKey"
ATLAS_API_KEY_ASSIGNMENT: Final = "mongodbatlas:index/apiKeyProjectAssignment:ApiKeyProjectAssignment"
ATLAS_API_KEY_ENTRY: Final = "mongodbatlas:index/accessListApiKey:AccessListApiKey"
ATLAS_ACCOUNT_ENTRY: Final = "mongodbatlas:index/serviceAccountAccessListEntry:ServiceAccountAccessListEntry"
ATLAS_PROJECT_ACCOUNT_ENTRY: Final = (
    "mongodbatlas:index/projectServiceAccountAccessListEntry:ProjectServiceAccountAccessListEntry"
)
ATLAS_ACCOUNT_ASSIGNMENT: Final = "mongodbatlas:index/serviceAccountProjectAssignment:ServiceAccountProjectAssignment"
ATLAS_FEDERATION: Final = "mongodbatlas:index/federatedSettingsOrgConfig:FederatedSettingsOrgConfig"
ATLAS_PROJECT: Final = "mongodbatlas:index/project:Project"
ATLAS_ORGANIZATION: Final = "mongodbatlas:index/organization:Organization"
ADVANCED_CLUSTER: Final = "mongodbatlas:index/advancedCluster:AdvancedCluster"
FLEX_CLUSTER: Final = "mongodbatlas:index/flexCluster:FlexCluster"
SERVERLESS_INSTANCE: Final = "mongodbatlas:index/serverlessInstance:ServerlessInstance"
BACKUP_SCHEDULE: Final = "mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule"
BACKUP_COMPLIANCE_POLICY: Final = "mongodbatlas:index/backupCompliancePolicy:BackupCompliancePolicy"
IP_ACCESS_LIST: Final = "mongodbatlas:index/projectIpAccessList:ProjectIpAccessList"
DATABASE_USER: Final = "mongodbatlas:index/databaseUser:DatabaseUser"
CUSTOM_DB_ROLE: Final = "mongodbatlas:index/customDbRole:CustomDbRole"
ENCRYPTION_AT_REST: Final = "mongodbatlas:index/encryptionAtRest:EncryptionAtRest"
CLOUD_ACCESS_AUTHORIZATION: Final = (
    "mongodbatlas:index/cloudProviderAccessAuthorization:CloudProviderAccessAuthorization"
)
CLOUD_ACCESS_SETUP: Final = "mongodbatlas:index/cloudProviderAccessSetup:CloudProviderAccessSetup"
ATLAS_RESOURCE_POLICY: Final = "mongodbatlas:index/resourcePolicy:ResourcePolicy"
PRIVATE_LINK_ENDPOINT: Final = "mongodbatlas:index/privateLinkEndpoint:PrivateLinkEndpoint"
X509_USER: Final = "mongodbatlas:index/x509AuthenticationDatabaseUser:X509AuthenticationDatabaseUser"
AUDITING: Final = "mongodbatlas:index/auditing:Auditing"
MAINTENANCE_WINDOW: Final = "mongodbatlas:index/maintenanceWindow:MaintenanceWindow"
ALERT_CONFIGURATION: Final = "mongodbatlas:index/alertConfiguration:AlertConfiguration"
LOG_INTEGRATION: Final = "mongodbatlas:index/logIntegration:LogIntegration"
LOG_EXPORT: Final = "mongodbatlas:index/pushBasedLogExport:PushBasedLogExport"
ATLAS_AI_MODEL_API_KEY: Final = "mongodbatlas:index/aiModelApiKey:AiModelApiKey"
ATLAS_MCP_CONFIG_SECRET: Final = "mongodbatlas:index/mcpConfigSecret:McpConfigSecret"  # noqa: S105 a type, not a secret
ATLAS_PROJECT_MCP_CONFIG_SECRET: Final = "mongodbatlas:index/projectMcpConfigSecret:ProjectMcpConfigSecret"  # noqa: S105 a type, not a secret
ATLAS_SERVICE_ACCOUNT_SECRET: Final = "mongodbatlas:index/serviceAccountSecret:ServiceAccountSecret"  # noqa: S105 a type, not a secret
ATLAS_PROJECT_SERVICE_ACCOUNT_SECRET: Final = (
    "mongodbatlas:index/projectServiceAccountSecret:ProjectServiceAccountSecret"  # noqa: S105 a type, not a secret
)
ATLAS_API_KEY: Final = "mongodbatlas:index/apiKey:ApiKey"
ATLAS_SERVICE_ACCOUNT: Final = "mongodbatlas:index/serviceAccount:ServiceAccount"
ATLAS_PROJECT_SERVICE_ACCOUNT: Final = "mongodbatlas:index/projectServiceAccount:ProjectServiceAccount"

# Upstash and Doppler
REDIS_DATABASE: Final = "upstash:index/redisDatabase:RedisDatabase"
QSTASH_ENDPOINT: Final = "upstash:index/qStashEndpoint:QStashEndpoint"
QSTASH_SCHEDULE: Final = "upstash:index/qStashScheduleV2:QStashScheduleV2"
QSTASH_TOPIC: Final = "upstash:index/qStashTopicV2:QStashTopicV2"
DOPPLER_SECRET: Final = "doppler:index/secret:Secret"  # noqa: S105 a type, not a secret
DOPPLER_SERVICE_TOKEN: Final = "doppler:index/serviceToken:ServiceToken"  # noqa: S105 a type, not a secret
DOPPLER_PROJECT: Final = "doppler:index/project:Project"
DOPPLER_ENVIRONMENT: Final = "doppler:index/environment:Environment"
DOPPLER_SERVICE_ACCOUNT_TOKEN: Final = "doppler:index/serviceAccountToken:ServiceAccountToken"  # noqa: S105 a type, not a secret
DOPPLER_MEMBER_ACCOUNT: Final = "doppler:projectMember/serviceAccount:ServiceAccount"
DOPPLER_MEMBER_GROUP: Final = "doppler:projectMember/group:Group"
DOPPLER_WEBHOOK: Final = "doppler:index/webhook:Webhook"

# AWS
KMS_ALIAS: Final = "aws:kms/alias:Alias"
IAM_ROLE_POLICY_ATTACHMENT: Final = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
IAM_POLICY: Final = "aws:iam/policy:Policy"
S3_PUBLIC_ACCESS_BLOCK: Final = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
S3_POLICY: Final = "aws:s3/bucketPolicy:BucketPolicy"
S3_ENCRYPTION: Final = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
S3_VERSIONING: Final = "aws:s3/bucketVersioning:BucketVersioning"
S3_LIFECYCLE: Final = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
S3_LOGGING: Final = "aws:s3/bucketLogging:BucketLogging"
S3_OWNERSHIP: Final = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
S3_OBJECT_LOCK: Final = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
S3_ACL: Final = "aws:s3/bucketAcl:BucketAcl"
S3_REPLICATION: Final = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
S3_ACCOUNT_BLOCK: Final = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"
S3_NOTIFICATION: Final = "aws:s3/bucketNotification:BucketNotification"
S3_ACCESS_POINT: Final = "aws:s3/accessPoint:AccessPoint"
S3_MULTI_REGION_ACCESS_POINT: Final = "aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint"
IAM_GROUP_POLICY: Final = "aws:iam/groupPolicy:GroupPolicy"
IAM_GROUP_POLICY_ATTACHMENT: Final = "aws:iam/groupPolicyAttachment:GroupPolicyAttachment"
IAM_POLICY_ATTACHMENT: Final = "aws:iam/policyAttachment:PolicyAttachment"
IAM_ACCESS_KEY: Final = "aws:iam/accessKey:AccessKey"
IAM_USER_POLICY: Final = "aws:iam/userPolicy:UserPolicy"
IAM_USER_POLICY_ATTACHMENT: Final = "aws:iam/userPolicyAttachment:UserPolicyAttachment"
EVENT_RULE: Final = "aws:cloudwatch/eventRule:EventRule"
EVENT_TARGET: Final = "aws:cloudwatch/eventTarget:EventTarget"
SNS_TOPIC: Final = "aws:sns/topic:Topic"
SNS_TOPIC_POLICY: Final = "aws:sns/topicPolicy:TopicPolicy"
SNS_SUBSCRIPTION: Final = "aws:sns/topicSubscription:TopicSubscription"
GUARDDUTY_FEATURE: Final = "aws:guardduty/detectorFeature:DetectorFeature"
GUARDDUTY_MEMBER: Final = "aws:guardduty/member:Member"
GUARDDUTY_INVITE_ACCEPTER: Final = "aws:guardduty/inviteAccepter:InviteAccepter"
GUARDDUTY_ADMIN_ACCOUNT: Final = "aws:guardduty/organizationAdminAccount:OrganizationAdminAccount"
GUARDDUTY_ORGANIZATION: Final = "aws:guardduty/organizationConfiguration:OrganizationConfiguration"
GUARDDUTY_ORGANIZATION_FEATURE: Final = (
    "aws:guardduty/organizationConfigurationFeature:OrganizationConfigurationFeature"
)
EC2_INSTANCE: Final = "aws:ec2/instance:Instance"
EC2_LAUNCH_TEMPLATE: Final = "aws:ec2/launchTemplate:LaunchTemplate"
EKS_CLUSTER: Final = "aws:eks/cluster:Cluster"
EKS_NODE_GROUP: Final = "aws:eks/nodeGroup:NodeGroup"
LAMBDA_FUNCTION: Final = "aws:lambda/function:Function"
RDS_CLUSTER: Final = "aws:rds/cluster:Cluster"
RDS_INSTANCE: Final = "aws:rds/instance:Instance"
KMS_GRANT: Final = "aws:kms/grant:Grant"
KMS_KEY_POLICY: Final = "aws:kms/keyPolicy:KeyPolicy"
KMS_KEY: Final = "aws:kms/key:Key"
IAM_ROLE: Final = "aws:iam/role:Role"
IAM_ROLE_POLICY: Final = "aws:iam/rolePolicy:RolePolicy"
OIDC_PROVIDER: Final = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
S3_BUCKET: Final = "aws:s3/bucket:Bucket"
GUARDDUTY_DETECTOR: Final = "aws:guardduty/detector:Detector"

# Pulumi's own
RANDOM_PASSWORD: Final = "random:index/randomPassword:RandomPassword"  # noqa: S105 a type, not a secret
FORMER: Final[Mapping[str, str]] = {
    "cloudflare:index/accessPolicy:AccessPolicy": ACCESS_POLICY,
    "cloudflare:index/accessServiceToken:AccessServiceToken": ACCESS_SERVICE_TOKEN,
    "cloudflare:index/managedHeaders:ManagedHeaders": MANAGED_TRANSFORMS,
    "cloudflare:index/record:Record": DNS_RECORD,
    "cloudflare:index/tunnelConfig:TunnelConfig": TUNNEL_CONFIG,
    "cloudflare:index/workerDomain:WorkerDomain": WORKER_DOMAIN,
    "cloudflare:index/workerScript:WorkerScript": WORKER,
}
"""Names under which an SDK still makes the same resource, with the same properties, and the name that rules read."""
