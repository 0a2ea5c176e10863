"""``python -m landuse``."""

import sys

from landuse.cli.main import main

sys.exit(main())
