"""The network as text: Mermaid, and files for other programs."""
