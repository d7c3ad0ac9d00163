"""The blueprint of the pen's pages."""

from __future__ import annotations

from flask import Blueprint

describing = Blueprint("describing", __name__)
