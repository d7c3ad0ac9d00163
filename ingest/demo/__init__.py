"""The invented demo city: what it holds, how it looks, who works there. Begin at `deliveries`."""
