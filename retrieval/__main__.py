"""`python -m retrieval`: the command line of the engine."""

import sys

from indexer.interrupts import end_at_ctrl_c

end_at_ctrl_c("Interrupted.")

from retrieval.cli.main import main  # noqa: E402 - Ctrl-C may come while this is imported

sys.exit(main())
