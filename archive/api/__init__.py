"""Machine-readable ways into the edition: JSON for programs, health for operators."""
