"""Every case of every rule."""

from tests.policies import cases_atlas, cases_bypasses, cases_cloudflare, cases_others

CASES = (*cases_cloudflare.CASES, *cases_atlas.CASES, *cases_others.CASES, *cases_bypasses.CASES)
