"""What the sandbox costs beside the CLI's own floor: `python -m sandbox.bench`."""
