"""Where uploads are kept: outside what is served, readable by the product's own user alone."""

from django.core.files.storage import FileSystemStorage


def private_files() -> FileSystemStorage:
    """The storage of everything that people upload."""
    return FileSystemStorage(file_permissions_mode=0o600, directory_permissions_mode=0o700)
