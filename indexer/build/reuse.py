"""Whether a live index's encoder may be used again."""

from indexer.encoding.encoder import EncoderSpec
from indexer.encoding.model_files import locate, model_sha256


def is_same_encoder(spec: EncoderSpec, name: str) -> bool:
    """Tell whether a name still means the encoder of the index: a folder may hold another now."""
    files = locate(name)
    same_files = files.folder is None or model_sha256(files) == spec.sha256
    return files.name == spec.name and same_files
