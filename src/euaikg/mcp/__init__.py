"""The graph for language models, by the Model Context Protocol; only ``server`` needs the library ``mcp``."""
