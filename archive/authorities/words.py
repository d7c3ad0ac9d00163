"""What the codes of authority records are called, for every template. Begin at `words_of`."""

from __future__ import annotations

from typing import Any

from archive.authorities import forms
from archive.authorities.models import Relation
from archive.holdings.naming import authorized


def words_of() -> dict[str, Any]:
    """Return what templates may call: the words of kinds, roles, variants and relations."""
    return {
        "authority_field": _field,
        "authority_kind": lambda code: forms.KIND_WORDS.get(code, code),
        "variant_kind": lambda code: forms.VARIANT_WORDS.get(code, code),
        "authority_roles": forms.ROLE_WORDS,
        "relation_words": _relation,
        "authorized": authorized,
    }


def _field(name: str) -> Any:
    """Return what a column of an authority record is called on its form."""
    return getattr(forms.AgentForm, name).args[0] if hasattr(forms.AgentForm, name) else name


def _relation(kind: str, is_from: bool) -> Any:
    first, second = forms.RELATION_WORDS[Relation(kind)]
    return first if is_from else second
