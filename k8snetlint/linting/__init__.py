"""A run: files are read, resources judged, findings reported."""
