"""The fields of a section's type, whether a msgspec Struct or a driver's Options dataclass."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Literal, cast, get_args, get_origin, get_type_hints

import msgspec


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a section. `default` is None where the key is required."""

    name: str
    type: Any
    default: Callable[[], object] | None


def fields_of(section: type) -> tuple[Field, ...]:
    """The keys of a section's type, in the order of their writing."""
    if issubclass(section, msgspec.Struct):
        return tuple(map(_struct_field, msgspec.structs.fields(section)))
    hints = get_type_hints(section, include_extras=True)
    return tuple(
        Field(field.name, hints[field.name], _dataclass_default(field))
        for field in dataclasses.fields(cast(Any, section))
        if field.init
    )


def _struct_field(field: msgspec.structs.FieldInfo) -> Field:
    if field.required:
        return Field(field.name, field.type, None)
    if field.default is not msgspec.NODEFAULT:
        return Field(field.name, field.type, lambda: field.default)
    return Field(field.name, field.type, field.default_factory)


def _dataclass_default(field: dataclasses.Field[Any]) -> Callable[[], object] | None:
    if field.default is not dataclasses.MISSING:
        return lambda: field.default
    factory = field.default_factory
    return None if factory is dataclasses.MISSING else factory


def bare(annotated: Any) -> Any:
    """The type without Annotated; of a section that may be absent, the section's."""
    plain = get_args(annotated)[0] if get_origin(annotated) is Annotated else annotated
    members = get_args(plain) if get_origin(plain) is UnionType else ()
    return next((one for one in members if issubclass(one, msgspec.Struct)), plain)


def extra(annotated: Any) -> dict[str, Any]:
    """The `extra` of the type's Meta: `path`, `expected`."""
    metas = get_args(annotated)[1:] if get_origin(annotated) is Annotated else ()
    return {k: v for meta in metas for k, v in (getattr(meta, "extra", None) or {}).items()}


def is_section(annotated: Any) -> bool:
    """Whether the key holds a section of its own."""
    plain = bare(annotated)
    return isinstance(plain, type) and issubclass(plain, msgspec.Struct)


def item_type(annotated: Any) -> Any | None:
    """The type of the items of `tuple[X, ...]`, None for what is no list."""
    plain = bare(annotated)
    return get_args(plain)[0] if get_origin(plain) is tuple else None


def entry_type(annotated: Any) -> Any | None:
    """The type of the values of `dict[str, X]`, None for what is no mapping."""
    plain = bare(annotated)
    return get_args(plain)[1] if get_origin(plain) is dict else None


def choices(annotated: Any) -> tuple[str, ...]:
    """The words of a Literal, also of one that may be absent; () for any other type."""
    plain = bare(annotated)
    literal = next((one for one in (plain, *get_args(plain)) if get_origin(one) is Literal), None)
    return get_args(literal) if literal else ()


def takes(annotated: Any, kind: type) -> bool:
    """Whether the type is `kind` or a union with it."""
    plain = bare(annotated)
    return plain is kind or kind in get_args(plain)
