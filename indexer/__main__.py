"""`python -m indexer`: the command line of the index."""

import sys

from indexer.cli.main import main

sys.exit(main())
