"""What survives? Builds that are killed, files that are damaged, readers that never stop."""
