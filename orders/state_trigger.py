"""The state diagram of a model, enforced once more inside the database.

The triggers are made from the model's own `@transition` methods, so code and database cannot
disagree, and raw SQL can neither skip a state nor begin in the middle.
"""

import pgtrigger
from django.db import models


def transitions_of(model: type[models.Model], field: str) -> list[tuple[str, str]]:
    """Every step the model's transition methods allow, as sorted (from, to) pairs."""
    fsm_field = model._meta.get_field(field)
    return sorted(
        (str(step.source), str(step.target))
        for step in fsm_field.get_all_transitions(model)  # type: ignore[union-attr]
    )


def state_triggers(model: type[models.Model], field: str) -> None:
    """Register the triggers for `model`, whose rows must begin in the field's default state."""
    initial = str(model._meta.get_field(field).default)  # type: ignore[union-attr]
    pgtrigger.register(
        pgtrigger.FSM(
            name=f"{field}_follows_diagram", field=field, transitions=transitions_of(model, field)
        ),
        pgtrigger.Trigger(
            name=f"{field}_begins_at_the_beginning",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert,
            condition=pgtrigger.Condition(f"NEW.{field} <> '{initial}'"),
            func=f"RAISE EXCEPTION 'A new row of % begins as {initial}, not as %',"
            f" TG_TABLE_NAME, NEW.{field};",
        ),
    )(model)
