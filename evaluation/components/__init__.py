"""Quality of single components: cleaning, extraction, dates, metadata, copies, recurring lines."""
