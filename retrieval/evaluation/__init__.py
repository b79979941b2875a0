"""How good is it? Measures anyone's questions and collections; nothing is tuned here."""

from retrieval.evaluation.seed_questions import QuestionFileError, SeedQuestion, load_questions
from retrieval.evaluation.seed_report import Answerer, Report, evaluate, render, to_json

__all__ = [
    "Answerer",
    "QuestionFileError",
    "Report",
    "SeedQuestion",
    "evaluate",
    "load_questions",
    "render",
    "to_json",
]
