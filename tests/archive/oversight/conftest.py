"""The command line, and a plan with one row changed."""

from __future__ import annotations

from tests.command_line import command as command
