"""Live generation of an index, and what a build reuses of it."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from indexer.build.generation import BUILT_BY, VERSIONS, IndexConfig
from indexer.build.passage_vectors import StoredVectors
from indexer.catalog.previous import Previous, previous_in
from indexer.catalog.reader import Catalog
from indexer.documents import SourceFile
from indexer.encoding.encoder import EncoderSpec
from indexer.encoding.model_files import locate, model_sha256
from indexer.errors import DatelineError
from indexer.storage.manifest import Manifest, damaged_files, generation_folder, read_manifest


@dataclass(frozen=True)
class LiveGeneration:
    """Live generation of an index, whose files are hashed and read at most once."""

    index: Path
    manifest: Manifest

    @property
    def folder(self) -> Path:
        """The folder of its files."""
        return generation_folder(self.index, self.manifest.generation)

    @cached_property
    def damage(self) -> list[str]:
        """Damage of its files, found by their hashes; empty for an intact generation."""
        return damaged_files(self.index, self.manifest)

    @cached_property
    def source_files(self) -> dict[str, SourceFile]:
        """The files of the corpus that it was built from, by path.

        Raises:
            IndexFormatError: when the catalog cannot be read.
        """
        with Catalog(self.folder) as catalog:
            return {file.path: file for file in catalog.files()}


def live_generation(index: Path) -> LiveGeneration | None:
    """Return the live generation; None when there is none or its manifest is damaged."""
    try:
        return LiveGeneration(index, read_manifest(index))
    except DatelineError:
        return None


def is_same_encoder(spec: EncoderSpec, name: str) -> bool:
    """Tell whether a name still means the encoder of the index: a folder may hold another now."""
    files = locate(name)
    same_files = files.folder is None or model_sha256(files) == spec.sha256
    return files.name == spec.name and same_files


def reusable_vectors(live: LiveGeneration, config: IndexConfig) -> StoredVectors | None:
    """Return the vectors of an intact generation, if they are of the encoder that is asked for."""
    if config.force or not is_same_encoder(live.manifest.encoder, config.encoder):
        return None
    try:
        return StoredVectors(live.folder, live.manifest.encoder)
    except DatelineError:
        return None


def reusable_articles(live: LiveGeneration, config: IndexConfig) -> Previous | None:
    """Return which articles of an intact generation may be copied."""
    manifest, settings = live.manifest, config.settings
    alike = not config.force and (manifest.versions, manifest.built_by) == (VERSIONS, BUILT_BY)
    read = (manifest.settings.columns, manifest.settings.max_bytes, manifest.settings.limit)
    wanted = (settings.columns, settings.max_bytes, None)
    read_lists = manifest.settings.told.lists == settings.told.lists  # else a table became one
    return previous_in(
        live.folder,
        articles=alike,
        files=alike and read == wanted and read_lists,
        encoding=manifest.settings.encoding == settings.encoding,
    )
