"""How good is Dateline on public sets? What `make evaluate` runs."""
