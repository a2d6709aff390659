"""The checks of other tools that no program can be asked, and why. The ones that can are in each rule's `equals`."""

from typing import Final

WITHOUT_FORM: Final[tuple[tuple[str, str], ...]] = (
    ("prowler:clusters_authentication_enabled", "Atlas always authenticates; there is no such input."),
    ("prowler:clusters_tls_enabled", "Atlas always speaks TLS; the version is `atlas-minimum-tls`."),
    ("prowler:dns_record_cname_target_valid (resolves)", "Needs the network; `dns-target-ours` asks whose it is."),
    ("mondoo:members-have-two-factor", "A member's own setting; `account-two-factor` makes it a condition."),
    ("steampipe:user_two_factor_enabled", "A member's own setting, too."),
    ("insights:Users without MFA", "A member's own setting, too."),
    ("steampipe:r2_bucket_default_encryption_enabled", "R2 always encrypts; there is no such input."),
    ("mondoo:project-encryption-at-rest-cmk-valid", "An output, known after deployment."),
    ("mondoo:project-ip-access-list-no-past-expiry", "`deleteAfterDate` is no input."),
    ("mondoo:project-dbuser-no-past-deletion", "`deleteAfterDate` is no input."),
    ("mondoo:org-* (stale users, invites, owners, expired secrets, federation)", "People and their logins, live."),
    ("mondoo:project-peering-healthy", "A state that only the vendor knows."),
    ("mondoo:apex-no-cname", "Cloudflare flattens a CNAME at the apex, so that it is allowed there."),
    ("mondoo:legacy mail exchangers", "Which mail service is old is no property of a record."),
    ("mondoo:api-tokens-not-older-than-365-days (age)", "Age is state; `token-expires` bounds the life in code."),
    ("arp:cluster count, shard count, disk size", "A budget question here: `stack-budget`, `atlas-scaling-ceiling`."),
    ("arp:peering and private endpoint lock", "Forbids a change; a program has nothing to compare with."),
    ("insights:CASB, exposed RDP, API anomalies, sensitive responses", "Found in traffic, not in code."),
    ("insights:Access, tunnels, JavaScript detection", "Products that MadeBuy does not use."),
    ("insights:legacy managed rules", "No longer in the provider; `zone-managed-rules` asks for the new ones."),
    ("prowler:s3_bucket_no_mfa_delete", "Only the root user can set it, never a deployment."),
    ("prowler:s3_bucket_cross_account_access", "Which accounts are ours is no property of a bucket."),
    ("infracost:guardrails", "`stack-budget`; Infracost prices none of these vendors."),
)
