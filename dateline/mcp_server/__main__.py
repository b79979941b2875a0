"""`python -m dateline.mcp_server`: the server for agents."""

import sys

from indexer.interrupts import end_at_ctrl_c

end_at_ctrl_c("Interrupted.")

from dateline.mcp_server.command import main  # noqa: E402 - Ctrl-C may come while this is imported

sys.exit(main())
