"""`python -m indexer`: the command line of the index."""

import sys

from indexer.interrupts import end_at_ctrl_c

end_at_ctrl_c("Interrupted. The existing index is unchanged.")

from indexer.cli.main import main  # noqa: E402 - Ctrl-C may come while this is imported

sys.exit(main())
