"""Writes MiniLM as an ONNX graph: tokens in, one vector of length 1 per text out.

The graph pools and normalises by itself, so that what it gives is the embedding. It is made from
the published tensors and kept, as making it takes seconds.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from onnx import ModelProto, TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

from local.builtin.weights import DIGESTS, TENSORS, Weights

LAYERS: Final = 6
HEADS: Final = 12
WIDTH: Final = 384
HEAD_WIDTH: Final = WIDTH // HEADS
EPSILON: Final = 1e-12
OPSET: Final = 17
IR_VERSION: Final = 9
FORM: Final = 1  # counts changes to what is written here
OF_NO_CONCERN: Final = -1e9  # added to the score of padding


def graph_of(weights: Weights, cache: Path) -> Path:
    """Return the file of the graph, made now where it isn't kept from an earlier start."""
    kept = cache / f"minilm-{FORM}-{DIGESTS[TENSORS][:16]}.onnx"
    if not kept.exists():
        draft = kept.with_suffix(".new")  # one process has a cache, so the next one writes over it
        with draft.open("wb") as file:
            file.write(_MiniLM(load_file(weights.tensors)).build().SerializeToString())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(kept)
    return kept


class _MiniLM:
    """Collects nodes; each method adds some and returns the name of what they give."""

    def __init__(self, tensors: Mapping[str, Any]) -> None:
        self._tensors = tensors
        self._nodes: list[Any] = []
        self._constants: dict[str, Any] = {}

    def build(self) -> ModelProto:
        """Return the whole model."""
        padding = self._padding()
        hidden = self._embedded()
        for layer in range(LAYERS):
            hidden = self._layer(f"encoder.layer.{layer}", hidden, padding)
        self._pooled(hidden)
        integers, texts = TensorProto.INT64, ["texts", "tokens"]
        graph = helper.make_graph(
            self._nodes,
            "minilm",
            [helper.make_tensor_value_info(name, integers, texts) for name in ("ids", "mask")],
            [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["texts", WIDTH])],
            [numpy_helper.from_array(value, name) for name, value in self._constants.items()],
        )
        return helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION
        )

    def _add(self, operation: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        output = output or f"{operation}-{len(self._nodes)}"
        self._nodes.append(helper.make_node(operation, inputs, [output], **attributes))
        return output

    def _constant(self, name: str, value: Any) -> str:
        self._constants[name] = np.ascontiguousarray(value)
        return name

    def _number(self, value: float) -> str:
        return self._constant(f"number {value}", np.float32(value))

    def _shape(self, *sizes: int) -> str:
        return self._constant(f"shape {sizes}", np.array(sizes, dtype=np.int64))

    def _tensor(self, name: str) -> str:
        return self._constant(name, self._tensors[name])

    def _linear(self, name: str, hidden: str) -> str:
        matrix = self._constant(f"{name}.weight", self._tensors[f"{name}.weight"].T)
        return self._add("Add", self._add("MatMul", hidden, matrix), self._tensor(f"{name}.bias"))

    def _normalised(self, name: str, hidden: str) -> str:
        scale, shift = self._tensor(f"{name}.weight"), self._tensor(f"{name}.bias")
        return self._add("LayerNormalization", hidden, scale, shift, axis=-1, epsilon=EPSILON)

    def _padding(self) -> str:
        """Return what has to be added to attention scores, so that padding has no part."""
        mask = self._add("Cast", "mask", output="kept", to=TensorProto.FLOAT)
        absent = self._add("Sub", self._number(1), mask)
        penalty = self._add("Mul", absent, self._number(OF_NO_CONCERN))
        return self._add("Unsqueeze", penalty, self._shape(1, 2))

    def _embedded(self) -> str:
        positions = self._tensors["embeddings.position_embeddings.weight"]
        kind = self._tensors["embeddings.token_type_embeddings.weight"][0]
        places = self._constant("positions", positions + kind)  # all text is of the first kind
        length = self._add("Slice", self._add("Shape", "ids"), self._shape(1), self._shape(2))
        here = self._add("Slice", places, self._shape(0), length)
        words = self._add("Gather", self._tensor("embeddings.word_embeddings.weight"), "ids")
        return self._normalised("embeddings.LayerNorm", self._add("Add", words, here))

    def _layer(self, name: str, hidden: str, padding: str) -> str:
        attended = self._linear(
            f"{name}.attention.output.dense", self._attention(name, hidden, padding)
        )
        attended = self._add("Add", attended, hidden)
        attended = self._normalised(f"{name}.attention.output.LayerNorm", attended)
        inner = self._gelu(self._linear(f"{name}.intermediate.dense", attended))
        outer = self._add("Add", self._linear(f"{name}.output.dense", inner), attended)
        return self._normalised(f"{name}.output.LayerNorm", outer)

    def _attention(self, name: str, hidden: str, padding: str) -> str:
        query, key, value = (
            self._heads(self._linear(f"{name}.attention.self.{part}", hidden), order)
            for part, order in (
                ("query", (0, 2, 1, 3)),
                ("key", (0, 2, 3, 1)),
                ("value", (0, 2, 1, 3)),
            )
        )
        scores = self._add("MatMul", query, key)
        scores = self._add("Div", scores, self._number(HEAD_WIDTH**0.5))
        shares = self._add("Softmax", self._add("Add", scores, padding), axis=-1)
        together = self._add("Transpose", self._add("MatMul", shares, value), perm=(0, 2, 1, 3))
        return self._add("Reshape", together, self._shape(0, 0, WIDTH))

    def _heads(self, hidden: str, order: tuple[int, ...]) -> str:
        parted = self._add("Reshape", hidden, self._shape(0, 0, HEADS, HEAD_WIDTH))
        return self._add("Transpose", parted, perm=order)

    def _gelu(self, hidden: str) -> str:
        error = self._add("Erf", self._add("Div", hidden, self._number(2**0.5)))
        half = self._add("Mul", hidden, self._number(0.5))
        return self._add("Mul", half, self._add("Add", error, self._number(1)))

    def _pooled(self, hidden: str) -> None:
        """Give the mean over the tokens that aren't padding, made as long as 1."""
        kept = self._add("Unsqueeze", "kept", self._shape(2))
        total = self._add("ReduceSum", self._add("Mul", hidden, kept), self._shape(1), keepdims=0)
        self._add("LpNormalization", total, output="vectors", axis=-1, p=2)
