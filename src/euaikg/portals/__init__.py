"""Portals: the catalogue record and its quality, and the release, one folder with everything to upload."""
