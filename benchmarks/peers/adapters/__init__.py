"""One adapter a peer; each is imported only in the process, and the environment, of its peer."""
