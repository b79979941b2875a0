"""How good is a ranking? nDCG@10, RR@10, R@100 and AP of each query, by ir-measures.

nDCG has linear gains (Järvelin & Kekäläinen, TOIS 2002), as BEIR and trec_eval have it; a document
is relevant from grade 1; AP is over the ranked documents, which are at most 100.
"""

from collections.abc import Sequence

from retrieval.evaluation.collection import CollectionQuery

NDCG, RECIPROCAL_RANK, RECALL, PRECISION = "nDCG@10", "RR@10", "R@100", "AP"
MEASURES = (NDCG, RECIPROCAL_RANK, RECALL, PRECISION)


def measure_rankings(
    queries: Sequence[CollectionQuery], rankings: Sequence[Sequence[str]]
) -> dict[str, tuple[float, ...]]:
    """Return each of `MEASURES` with one value a query, 0 to 1, in the order of the queries.

    Args:
        queries: the queries with their grades.
        rankings: document ids, best first, one ranking a query.

    Raises:
        ValueError: when there are not as many rankings as queries.
    """
    # Loads pytrec_eval, which only collections need.
    import ir_measures  # noqa: PLC0415 - see above

    if len(rankings) != len(queries):
        raise ValueError(f"rankings must be one a query, got {len(rankings)} for {len(queries)}")
    qrels = {query.id: dict(query.grades) for query in queries}
    # Falling whole numbers: trec_eval orders by score and would break ties by document id.
    run = {
        query.id: {document: float(-rank) for rank, document in enumerate(ranking)}
        for query, ranking in zip(queries, rankings, strict=True)
    }
    measures = [ir_measures.parse_measure(name) for name in MEASURES]
    found: dict[str, dict[str, float]] = {name: {} for name in MEASURES}
    for metric in ir_measures.iter_calc(measures, qrels, run):
        found[str(metric.measure)][metric.query_id] = metric.value
    return {
        name: tuple(values.get(query.id, 0.0) for query in queries)
        for name, values in found.items()
    }
