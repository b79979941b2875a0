"""The command line `python -m indexer`."""
