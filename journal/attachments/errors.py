class FileRefused(Exception):
    """A file that is not taken, or not removed; the words are for whoever tried."""
