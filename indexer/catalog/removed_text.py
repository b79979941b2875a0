"""How much did cleaning leave out of the articles of an index, and why?"""

from indexer.catalog.reader import Catalog

_REMOVED = """
SELECT json_extract(value, '$[3]') AS reason,
       sum(json_extract(value, '$[1]') - json_extract(value, '$[0]'))
FROM documents, json_each(regions) WHERE NOT json_extract(value, '$[2]')
GROUP BY reason ORDER BY reason
"""


def removed_characters(catalog: Catalog) -> dict[str, int]:
    """Return how many characters were left out, by reason, sorted by it."""
    return {str(reason): int(characters) for reason, characters in catalog.rows(_REMOVED)}
