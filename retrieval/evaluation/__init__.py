"""How good is it? Measures anyone's questions and collections; nothing is tuned here."""

from retrieval.evaluation.asking import Answerer
from retrieval.evaluation.beir_folder import load_collection
from retrieval.evaluation.collection import Collection, CollectionError, CollectionQuery
from retrieval.evaluation.collection_evaluation import CollectionReport, evaluate_collection
from retrieval.evaluation.seed_questions import QuestionFileError, SeedQuestion, load_questions
from retrieval.evaluation.seed_report import Report, evaluate, render, to_json

__all__ = [
    "Answerer",
    "Collection",
    "CollectionError",
    "CollectionQuery",
    "CollectionReport",
    "QuestionFileError",
    "Report",
    "SeedQuestion",
    "evaluate",
    "evaluate_collection",
    "load_collection",
    "load_questions",
    "render",
    "to_json",
]
