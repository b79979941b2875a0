"""The summary of an answer: ask a language model, and keep what its quotes support."""

from indexer.errors import SummaryError
from retrieval.answering.answers import Answer, Quote
from retrieval.summary.checks import check_reply
from retrieval.summary.client import LanguageModel
from retrieval.summary.prompt import messages
from retrieval.summary.values import Summary


def summarise(answer: Answer, model: LanguageModel) -> Summary | None:
    """Have a language model connect the quotes of an answer.

    It gets the question and the quotes, without those whose file has changed or is missing and
    those of an article that another one corrects.

    Args:
        answer: to summarise.
        model: which may write anything: only what the quotes support is returned.

    Returns:
        The summary; None for an answer without quotes, of which the model is not told.

    Raises:
        SummaryError: when the model cannot be reached, or fails; or no quote can be given to it.
    """
    if not answer.quotes:
        return None
    quotes = {
        number: quote.citation.quote
        for number, quote in enumerate(answer.quotes, 1)
        if _may_be_used(quote)
    }
    if not quotes:
        raise SummaryError(
            "No quote can be summarised: their files have changed or are missing, or their "
            "articles were corrected"
        )
    sentences, dropped = check_reply(model.reply(messages(answer.question, quotes)), quotes)
    return Summary(model.name, sentences, dropped)


def _may_be_used(quote: Quote) -> bool:
    return quote.citation.source_state == "same" and not quote.citation.corrected_by
