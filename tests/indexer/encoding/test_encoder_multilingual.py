"""A multilingual model works as any: a SentencePiece vocabulary, RoBERTa's positions, E5's prompts.

The model is tiny and random, but has the shape of those that the README names: they cannot be
downloaded in a test.
"""

from pathlib import Path

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
from tokenizers import Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import Unigram
from tokenizers.trainers import UnigramTrainer
from transformers import PreTrainedTokenizerFast, XLMRobertaConfig, XLMRobertaModel

from indexer.build.pipeline import IndexConfig, build
from indexer.encoding.encoder import open_encoder
from indexer.encoding.torch_encoder import TorchPassageEncoder
from retrieval import SearchEngine

TEXTS = {
    "en": "The council closed the old bridge on Tuesday because of cracks in two of its supports.",
    "de": "Der Stadtrat hat am Dienstag die alte Brücke gesperrt, weil zwei Pfeiler Risse haben.",
    "ru": "Городской совет во вторник закрыл старый мост из-за трещин в двух опорах.",
    "zh": "市议会星期二关闭了这座老桥，因为两个桥墩上发现了裂缝，市民需要绕行。",
}
SPECIAL = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
PROMPTS = {"query": "query: ", "document": "passage: "}


@pytest.fixture(scope="module")
def multilingual(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("multilingual")
    tokenizer = Tokenizer(Unigram())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    trainer = UnigramTrainer(vocab_size=220, special_tokens=SPECIAL, unk_token="<unk>")  # noqa: S106 - a token of the vocabulary
    tokenizer.train_from_iterator([*TEXTS.values(), *PROMPTS.values()], trainer)
    ends = [("<s>", 0), ("</s>", 2)]
    tokenizer.post_processor = processors.TemplateProcessing("<s> $A </s>", None, ends)
    named = {"bos": "<s>", "pad": "<pad>", "eos": "</s>", "unk": "<unk>", "mask": "<mask>"}
    fast = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call] # no annotations
        tokenizer_object=tokenizer,
        model_max_length=64,
        **{f"{name}_token": token for name, token in named.items()},
    )
    fast.save_pretrained(folder / "roberta")
    torch.manual_seed(7)
    config = XLMRobertaConfig(
        vocab_size=len(fast),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=66,
        type_vocab_size=1,
        pad_token_id=1,
    )
    XLMRobertaModel(config).save_pretrained(folder / "roberta")
    modules = [Transformer(str(folder / "roberta"), max_seq_length=64), Pooling(32), Normalize()]
    model = SentenceTransformer(modules=modules, prompts=PROMPTS, device="cpu")
    model.save(str(folder / "model"))
    return folder / "model"


def test_questions_and_passages_have_the_vectors_of_the_model_with_its_prompts(
    multilingual: Path,
) -> None:
    reference = SentenceTransformer(str(multilingual), device="cpu")
    texts = list(TEXTS.values())
    questions = open_encoder(str(multilingual)).encode(texts)
    passages = TorchPassageEncoder(str(multilingual), bf16=False).encode(texts)
    plain = reference.encode(texts, normalize_embeddings=True)
    for text, question, passage, without in zip(texts, questions, passages, plain, strict=True):
        asked = reference.encode(f"query: {text}", normalize_embeddings=True)
        held = reference.encode(f"passage: {text}", normalize_embeddings=True)
        assert float(np.abs(question - asked).max()) < 1e-5
        assert float(np.abs(passage - held).max()) < 1e-5
        assert float(np.abs(passage - without).max()) > 1e-3


def test_articles_in_four_languages_are_built_and_found_by_meaning_without_a_warning(
    multilingual: Path, tmp_path: Path
) -> None:
    news = tmp_path / "news"
    news.mkdir()
    for code, text in TEXTS.items():
        (news / f"{code}.txt").write_text(text, encoding="utf-8")
    index = tmp_path / "index"
    report = build(news, index, IndexConfig(encoder=str(multilingual), threads=2))
    assert report.manifest.languages == dict.fromkeys(sorted(TEXTS), 1)
    with SearchEngine.open(index) as engine:
        found = engine.search("Brücke", mode="dense", lang="de")
        assert [engine.document(hit.found.passage.doc_id).path for hit in found.hits] == ["de.txt"]
        assert found.warnings == ()
