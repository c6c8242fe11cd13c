"""How an entry of the journal becomes messages: inside the database, whichever way it came.

One statement for all rows of an INSERT, so that entries written together cost one look at the
endpoints; where there are none, that look is all.
"""

import pgtrigger

_FUNC = """
    IF EXISTS (SELECT FROM journal_webhookendpoint WHERE state <> 'off') THEN
        INSERT INTO journal_webhookmessage
            (endpoint_id, entry_id, topic, lane, state, cause, attempts, tries, next_at)
        SELECT
            endpoint.id,
            told.id,
            told.action,
            CASE WHEN told.order_id IS NULL THEN told.subject_type || ' ' || told.subject_id
                 ELSE 'orders.order ' || told.order_id END,
            'waiting', '', 0, 0, now()
        FROM told
        JOIN journal_webhookendpoint endpoint ON endpoint.state <> 'off'
            AND endpoint.topics && ARRAY[
                told.action, (split_part(told.action, '.', 1) || '.*')::varchar, '*'::varchar
            ]
        ORDER BY told.id, endpoint.id;
    END IF;
    RETURN NULL;
"""

TRIGGER = pgtrigger.Trigger(
    name="webhook_outbox",
    level=pgtrigger.Statement,
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    referencing=pgtrigger.Referencing(new="told"),
    func=_FUNC,
)
