"""Publishing: the record for portals, its quality, what changed, the release to upload, and loading a server."""
