"""How this repository gets its environment and its pinned Pulumi CLI, and what `make check` runs."""
