"""`make secrets-scan`: the only tool here that runs on what the set-up has installed."""
