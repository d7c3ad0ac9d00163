"""Submission agreements (leveransöverenskommelser): who delivers what, how and when.

An agreement never opens anything: what a delivery has against it goes to a person. Sources: OAIS
(ISO 14721) 3.1 and PAIMAS (ISO 20652), submission agreement. Begin at `checks.findings`.
"""
