"""The vendors, simulated, behind the real Pulumi engine. See docs/SANDBOX.md."""
