"""The web application, for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

from config import servers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
servers.ensure()
application = get_wsgi_application()
