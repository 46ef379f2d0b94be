"""Pictures that stand still: Graphviz text, SVG, PNG and PDF."""
