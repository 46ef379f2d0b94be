"""The one drawing: forms lay a network out as shapes and texts, which are written as SVG, PNG and PDF."""
