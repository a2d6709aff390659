"""`python -m tools.secrets_scan`."""

import sys

from tools.secrets_scan.scan import main

sys.exit(main())
