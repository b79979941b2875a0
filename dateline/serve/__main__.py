"""`python -m dateline.serve`: the HTTP server."""

import sys

from indexer.interrupts import end_at_ctrl_c

end_at_ctrl_c("Interrupted.")

from dateline.serve.command import main  # noqa: E402 - Ctrl-C may come while this is imported

sys.exit(main())
