"""`python -m retrieval`: the command line of the engine."""

import sys

from retrieval.cli.main import main

sys.exit(main())
