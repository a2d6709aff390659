"""The plain way: the SDK's own server with 120 policies that look at one property each."""

import os
import sys

sys.path.insert(0, os.environ["PLAIN_PACKAGES"])

from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy


def proxied(args, report):
    if args.resource_type == "cloudflare:index/dnsRecord:DnsRecord" and not args.props["proxied"]:
        report("must be proxied")


PolicyPack(
    name="plain",
    enforcement_level=EnforcementLevel.MANDATORY,
    policies=[ResourceValidationPolicy(f"rule-{n}", "A record is proxied.", proxied) for n in range(120)],
)
