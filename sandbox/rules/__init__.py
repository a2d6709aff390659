"""What the vendors refuse beyond their schemas; docs/SANDBOX.md lists every rule with its source."""

from sandbox.rules.record import RULES, Ask, Rule, problems, refusals

__all__ = ["RULES", "Ask", "Rule", "problems", "refusals"]
