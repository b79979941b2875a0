"""Quality on public data sets; run by `make evaluate`."""
