import threading
import traceback
from dataclasses import replace

import numpy as np
import pytest

from indexer.encoding.encoder import EncoderSpec, open_encoder
from indexer.errors import EncoderMismatchError, ReaderError
from retrieval import background
from retrieval.background import Background, QuestionEncoder


def failing(error: Exception) -> object:
    raise error


@pytest.fixture(scope="module")
def spec() -> EncoderSpec:
    return open_encoder(threads=1).spec


def test_the_value_is_opened_meanwhile_and_waited_for() -> None:
    gate, opened = threading.Event(), []

    def opening() -> str:
        gate.wait(60)
        opened.append(threading.current_thread().name)
        return "value"

    held = Background("open-it", opening)
    assert not opened
    gate.set()
    assert (held.get(), held.get(), held.problem) == ("value", "value", None)
    assert len(opened) == 1
    assert opened[0].startswith("open-it")


def test_the_error_is_raised_whenever_the_value_is_needed() -> None:
    held = Background("open-it", lambda: failing(ReaderError("it is gone")))
    assert str(held.problem) == "it is gone"
    depths = []
    for _ in range(3):
        with pytest.raises(ReaderError, match="it is gone") as caught:
            held.get()
        depths.append(len(traceback.extract_tb(caught.value.__traceback__)))
    assert depths == [depths[0]] * 3


def test_a_thread_that_opens_is_waited_for_when_the_process_ends() -> None:
    held = Background("open-it", threading.current_thread)
    assert not held.get().daemon


def test_the_encoder_gives_the_vector_of_a_question(spec: EncoderSpec) -> None:
    encoder = QuestionEncoder(spec, threads=1)
    encoder.check()
    vector = encoder.encode("Who opened the harbour?")
    assert vector is not None
    assert np.array_equal(vector, open_encoder(threads=1).encode(["Who opened the harbour?"])[0])
    assert encoder.warning is None


def test_a_missing_encoder_is_a_warning(spec: EncoderSpec) -> None:
    encoder = QuestionEncoder(replace(spec, name="/no/such/model", sha256="0" * 64), threads=1)
    encoder.check()
    assert encoder.encode("Who opened the harbour?") is None
    assert (encoder.warning or "").startswith(
        "Searched by keywords only, without the language model: No model "
    )


def test_another_encoder_is_refused(spec: EncoderSpec) -> None:
    encoder = QuestionEncoder(replace(spec, sha256="0" * 64), threads=1)
    with pytest.raises(EncoderMismatchError, match="0000"):
        encoder.check()


def test_a_fault_of_the_code_is_no_missing_encoder(
    spec: EncoderSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "open_encoder", lambda *_, **__: failing(TypeError("a fault")))
    with pytest.raises(TypeError, match="a fault"):
        QuestionEncoder(spec).check()
