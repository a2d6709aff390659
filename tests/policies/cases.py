"""Every case of every rule."""

from tests.policies import cases_atlas, cases_cloudflare, cases_others

CASES = (*cases_cloudflare.CASES, *cases_atlas.CASES, *cases_others.CASES)
