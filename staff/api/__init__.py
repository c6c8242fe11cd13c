"""The REST API: keys, who calls, problems, idempotency, pages and limits; nothing of the business.

Each app declares its resources in its own `api` package on `views.ApiViewSet`; `config.api` puts
them under `/api/v1/`. Nothing is re-exported here, so that models can be loaded before views.
"""
