"""Keeping what orders are found by, whichever door writes them."""

import pgtrigger
from django.db import models

_COLUMNS = ("external_id", "ship_to_name", "ship_to_phone", "ship_to_address")
_FOLLOW = """
INSERT INTO orders_searchtext (order_id, external_id, ship_to)
VALUES (
    NEW.id, NEW.external_id,
    upper(NEW.ship_to_name || ' ' || NEW.ship_to_phone || ' ' || NEW.ship_to_address)
)
ON CONFLICT (order_id) DO UPDATE
SET external_id = EXCLUDED.external_id, ship_to = EXCLUDED.ship_to
WHERE (orders_searchtext.external_id, orders_searchtext.ship_to)
    IS DISTINCT FROM (EXCLUDED.external_id, EXCLUDED.ship_to);
RETURN NULL;
"""


def search_trigger(model: type[models.Model]) -> None:
    """Register the trigger that writes the row of `orders.models.search` for an order."""
    pgtrigger.register(
        pgtrigger.Trigger(
            name="is_found_by",
            when=pgtrigger.After,
            operation=pgtrigger.Insert | pgtrigger.UpdateOf(*_COLUMNS),
            func=_FOLLOW,
        )
    )(model)
