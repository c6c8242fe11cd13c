"""What the database itself refuses, so that no score ever refers to a card that has changed."""

import pgtrigger

_KEEP_CARD = """
    IF TG_OP = 'DELETE' THEN
        IF OLD.state <> 'draft' THEN
            RAISE EXCEPTION 'Scorecard % has been in force and stays', OLD.number;
        END IF;
        RETURN OLD;
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('draft', 'published'), ('published', 'retired')
    ) THEN
        RAISE EXCEPTION 'Scorecard % cannot go from % to %', OLD.number, OLD.state, NEW.state;
    END IF;
    IF OLD.state <> 'draft' AND (to_jsonb(NEW) - 'state') <> (to_jsonb(OLD) - 'state') THEN
        RAISE EXCEPTION 'Scorecard % is no draft any more', OLD.number;
    END IF;
    RETURN NEW;
"""

# A part is deleted together with its draft, which is gone by then.
_KEEP_PART = """
    IF EXISTS (
        SELECT FROM credit_scorecard card
        WHERE card.id IN (OLD.scorecard_id, NEW.scorecard_id) AND card.state <> 'draft'
    ) THEN
        RAISE EXCEPTION 'This scorecard is no draft any more';
    END IF;
    RETURN COALESCE(NEW, OLD);
"""

KEEP_CARD = pgtrigger.Trigger(
    name="keep_published",
    when=pgtrigger.Before,
    operation=pgtrigger.Update | pgtrigger.Delete,
    func=_KEEP_CARD,
)


def keep_part() -> pgtrigger.Trigger:
    """The rows of a scorecard can be written only while it is a draft."""
    return pgtrigger.Trigger(
        name="keep_published",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=_KEEP_PART,
    )
