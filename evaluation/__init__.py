"""Quality of search and answers on question files and collections; nothing is tuned here."""

from evaluation.collection import Collection, CollectionError, CollectionQuery, load_collection
from evaluation.collection_run import CollectionReport, evaluate_collection
from evaluation.question_report import Report, evaluate, render, to_json
from evaluation.questions import QuestionFileError, SeedQuestion, load_questions
from evaluation.runs import Answerer

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
