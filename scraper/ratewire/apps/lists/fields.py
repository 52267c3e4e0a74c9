"""Which field of whose list prices what. To know another field, add it to its table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ratewire.model import Conditions, Unit

__all__ = ["GENAI_PRICES", "LITELLM", "LLM_PRICES", "MODELS_DEV", "ListField"]

_TOKEN, _MTOK = Unit.parse("token"), Unit.parse("1M tokens")
_IMAGE, _KREQUESTS = Unit.parse("image"), Unit.parse("1K requests")
_LONG = {"context": ">200k"}


@dataclass(frozen=True, slots=True)
class ListField:
    """One field of a list: what it prices."""

    name: str
    meter: str
    unit: Unit
    conditions: Conditions

    @property
    def key(self) -> tuple[str, Conditions]:
        return self.meter, self.conditions


def _fields(unit: Unit, names: Mapping[str, str], **conditions: str) -> tuple[ListField, ...]:
    held = Conditions.of(conditions)
    return tuple(ListField(name, meter, unit, held) for name, meter in names.items())


MODELS_DEV = (
    *_fields(_MTOK, {
        "input": "input", "output": "output", "reasoning": "output.reasoning",
        "cache_read": "input.cached", "cache_write": "input.cache-write",
        "input_audio": "audio.input", "output_audio": "audio.output",
    }),
    *_fields(_MTOK, {
        f"context_over_200k.{name}": meter
        for name, meter in (("input", "input"), ("output", "output"),
                            ("cache_read", "input.cached"), ("cache_write", "input.cache-write"))
    }, **_LONG),
)  # fmt: skip

_LITELLM = {
    "input_cost_per_token": "input",
    "output_cost_per_token": "output",
    "cache_read_input_token_cost": "input.cached",
    "cache_creation_input_token_cost": "input.cache-write",
}
LITELLM = (
    *_fields(_TOKEN, _LITELLM),
    *_fields(_TOKEN, {
        "input_cost_per_image_token": "image.input",
        "cache_read_input_image_token_cost": "image.input.cached",
        "output_cost_per_image_token": "image.output",
        "input_cost_per_audio_token": "audio.input",
        "output_cost_per_audio_token": "audio.output",
        "output_cost_per_reasoning_token": "output.reasoning",
    }),
    *_fields(_IMAGE, {
        "input_cost_per_image": "image.input", "output_cost_per_image": "image.output",
    }),
    *_fields(_TOKEN, {f"{name}_batches": meter for name, meter in _LITELLM.items()}, tier="batch"),
    *(
        field
        for tier in ("flex", "priority")
        for field in _fields(
            _TOKEN, {f"{name}_{tier}": meter for name, meter in _LITELLM.items()}, tier=tier
        )
    ),
    *_fields(
        _TOKEN, {f"{name}_above_200k_tokens": meter for name, meter in _LITELLM.items()}, **_LONG
    ),
)  # fmt: skip

LLM_PRICES = _fields(_MTOK, {"input": "input", "output": "output", "input_cached": "input.cached"})

GENAI_PRICES = (
    *_fields(_MTOK, {
        "input_mtok": "input", "output_mtok": "output", "cache_read_mtok": "input.cached",
        "cache_write_mtok": "input.cache-write", "input_audio_mtok": "audio.input",
        "cache_audio_read_mtok": "audio.input.cached", "output_audio_mtok": "audio.output",
        "input_image_mtok": "image.input", "cache_image_read_mtok": "image.input.cached",
        "output_image_mtok": "image.output", "output_reasoning_mtok": "output.reasoning",
    }),
    *_fields(_KREQUESTS, {"requests_kcount": "requests"}),
)  # fmt: skip
