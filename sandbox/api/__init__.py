"""The vendors' read endpoints over HTTP on the loopback, from the same database that the engine's providers use."""
