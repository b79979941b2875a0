import torch

from tests.support.tiny_network import WIDTH, tiny_network


def _inputs(rows: int, length: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    torch.manual_seed(3)
    types = torch.ones((rows, length), dtype=torch.long)
    types[:, :4] = 0
    return torch.randn(rows, length, WIDTH), types, torch.ones_like(types)


def test_a_window_has_one_relevance_and_two_logits_a_token() -> None:
    network, _ = tiny_network()

    relevance, start, end = network.eval()(*_inputs(2, 11))

    assert (relevance.shape, start.shape, end.shape) == ((2,), (2, 11), (2, 11))
    assert not torch.allclose(start, end)
    assert relevance[0] != relevance[1]


def test_padding_changes_no_logit() -> None:
    network, _ = tiny_network()
    embeddings, types, mask = _inputs(1, 9)
    padded = (
        torch.cat([embeddings, torch.randn(1, 5, WIDTH)], dim=1),
        torch.cat([types, torch.zeros((1, 5), dtype=torch.long)], dim=1),
        torch.cat([mask, torch.zeros((1, 5), dtype=torch.long)], dim=1),
    )

    with torch.inference_mode():
        alone = network.eval()(embeddings, types, mask)
        beside = network(*padded)

    torch.testing.assert_close(beside[0], alone[0])
    for one, other in zip(beside[1:], alone[1:], strict=True):
        torch.testing.assert_close(one[:, :9], other)


def test_the_question_is_told_from_the_passage_by_type() -> None:
    network, _ = tiny_network()
    embeddings, types, mask = _inputs(1, 9)

    with torch.inference_mode():
        one, *_ = network.eval()(embeddings, types, mask)
        other, *_ = network(embeddings, 1 - types, mask)

    assert not torch.allclose(one, other, rtol=0, atol=1e-5)


def test_both_implementations_of_attention_agree() -> None:
    inputs = _inputs(2, 9)

    with torch.inference_mode():
        trained = tiny_network(attention="sdpa")[0].eval()(*inputs)
        exported = tiny_network(attention="eager")[0].eval()(*inputs)

    for one, other in zip(trained, exported, strict=True):
        torch.testing.assert_close(one, other, atol=1e-5, rtol=1e-5)


def test_word_embeddings_are_no_part_of_the_network() -> None:
    network, words = tiny_network()

    assert not any("word_embeddings" in name for name in network.state_dict())
    assert sum(parameter.numel() for parameter in network.parameters()) < words.weight.numel() / 10
