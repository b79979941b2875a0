"""Tiny models that transformers loads, made by the tests."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.normalizers import Lowercase
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import TemplateProcessing
from transformers import (
    BertConfig,
    BertForQuestionAnswering,
    BertForSequenceClassification,
    PreTrainedTokenizerFast,
)

MARKS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")


def write_span_model(
    folder: Path,
    words: Sequence[str],
    *,
    start: Mapping[str, float],
    end: Mapping[str, float],
    longest: int = 512,
) -> Path:
    """Save a question answering model whose logits are given word by word; others have 0."""
    tokenizer = save_tokenizer(folder, words, longest)
    size = len(tokenizer)
    config = BertConfig(
        vocab_size=size,
        hidden_size=size,
        num_hidden_layers=0,
        num_attention_heads=1,
        intermediate_size=1,
        max_position_embeddings=longest,
    )
    model = BertForQuestionAnswering(config)
    embeddings = model.bert.embeddings
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
        embeddings.word_embeddings.weight.copy_(torch.eye(size))
        embeddings.LayerNorm.weight.fill_(1.0)
        # Of one 1 and many 0 the norm makes two values; the difference is what a logit is made of.
        normed = torch.nn.functional.layer_norm(torch.eye(size)[:1], (size,), eps=1e-12)[0]
        for row, logits in enumerate((start, end)):
            for word, logit in logits.items():
                step = logit / float(normed[0] - normed[1])
                model.qa_outputs.weight[row, tokenizer.convert_tokens_to_ids(word)] = step
                model.qa_outputs.bias[row] -= step * normed[1]
    model.save_pretrained(folder)
    return folder


def write_cross_encoder(
    folder: Path, words: Sequence[str], *, labels: int = 1, longest: int = 512
) -> Path:
    """Save a cross-encoder with one layer of random weights, the same in every run."""
    tokenizer = save_tokenizer(folder, words, longest)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=longest,
        initializer_range=1.0,
        id2label={label: str(label) for label in range(labels)},
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    return folder


def save_tokenizer(folder: Path, words: Sequence[str], longest: int) -> PreTrainedTokenizerFast:
    """Save a tokenizer of whole words, in lower case."""
    vocabulary = {word: number for number, word in enumerate((*MARKS, *words))}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))  # noqa: S106 - no password
    tokenizer.normalizer = Lowercase()
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", vocabulary["[CLS]"]), ("[SEP]", vocabulary["[SEP]"])],
    )
    fast = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call] # no annotations
        tokenizer_object=tokenizer,
        model_max_length=longest,
        pad_token="[PAD]",  # noqa: S106 - a mark, no secret
        unk_token="[UNK]",  # noqa: S106 - a mark, no secret
        cls_token="[CLS]",  # noqa: S106 - a mark, no secret
        sep_token="[SEP]",  # noqa: S106 - a mark, no secret
    )
    fast.save_pretrained(folder)
    return fast
