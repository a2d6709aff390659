"""Finds what a failed run left at the vendors, and brings it under the stack: then `up` gives a clean run's result."""
