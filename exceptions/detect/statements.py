"""The three statements of a scan. Each works on sets, whatever their size.

They are written by hand because they insert and journal in one go; everything variable is a
parameter, except `{matching}`, which is a query that the rule engine compiled.
"""

# Reads only, so that the server may use several processes for it. A rule's ticket stands for one
# stretch of time: while it has not been cleared there is none to open, even if it was closed.
DIFFERENCE = """
WITH matching(order_id) AS MATERIALIZED ({matching}),
known AS MATERIALIZED (
    SELECT id, order_id, cleared_at
    FROM exceptions_ticket
    WHERE rule_id = %s AND (state <> 'closed' OR cleared_at IS NULL)
)
SELECT
    (SELECT count(*) FROM matching),
    ARRAY(
        SELECT order_id FROM matching
        WHERE NOT EXISTS (SELECT FROM known WHERE known.order_id = matching.order_id)
        ORDER BY order_id
    ),
    ARRAY(
        SELECT id FROM known
        WHERE cleared_at IS NULL
        AND NOT EXISTS (SELECT FROM matching WHERE matching.order_id = known.order_id)
    ),
    ARRAY(
        SELECT id FROM known
        WHERE cleared_at IS NOT NULL
        AND EXISTS (SELECT FROM matching WHERE matching.order_id = known.order_id)
    )
"""

OPEN = """
WITH opened AS (
    INSERT INTO exceptions_ticket (
        state, rule_id, rule_version_id, order_id, severity, department_id, observed,
        opened_at, respond_due_at, respond_risk_at, resolve_due_at, resolve_risk_at,
        summary, outcome, action, result, reason
    )
    SELECT
        'open', %(rule)s, %(version)s, seen.order_id, %(severity)s, %(department)s, seen.observed,
        %(at)s, %(respond_due)s, %(respond_risk)s, %(resolve_due)s, %(resolve_risk)s,
        '', '', '', '', ''
    FROM unnest(%(orders)s::bigint[], %(observed)s::jsonb[]) AS seen(order_id, observed)
    ON CONFLICT (rule_id, order_id) WHERE state <> 'closed' DO NOTHING
    RETURNING id, order_id, number
),
noted AS (
    INSERT INTO journal_entry (
        at, action, subject_type, subject_id, order_id, from_state, to_state, reason, data
    )
    SELECT
        %(at)s, 'ticket.opened', 'exceptions.ticket', id, order_id, '', 'open', '',
        jsonb_build_object(
            'ticket', number, 'rule', %(code)s::text, 'severity', %(severity)s::text
        )
    FROM opened
)
SELECT count(*) FROM opened
"""

# Closed tickets are marked too, so that a later recurrence opens a new one; but their story is
# over, so nothing is noted.
MARK = """
WITH cleared AS (
    UPDATE exceptions_ticket SET cleared_at = %(at)s
    WHERE id = ANY(%(gone)s) AND cleared_at IS NULL
    RETURNING id, order_id, number, state
),
recurred AS (
    UPDATE exceptions_ticket SET cleared_at = NULL
    WHERE id = ANY(%(back)s) AND cleared_at IS NOT NULL AND state <> 'closed'
    RETURNING id, order_id, number, state
),
changed AS (
    SELECT *, 'ticket.cleared' AS action FROM cleared WHERE state <> 'closed'
    UNION ALL
    SELECT *, 'ticket.recurred' AS action FROM recurred
),
noted AS (
    INSERT INTO journal_entry (
        at, action, subject_type, subject_id, order_id, from_state, to_state, reason, data
    )
    SELECT
        %(at)s, action, 'exceptions.ticket', id, order_id, state, state, '',
        jsonb_build_object('ticket', number, 'rule', %(code)s::text)
    FROM changed
)
SELECT
    count(*) FILTER (WHERE action = 'ticket.cleared'),
    count(*) FILTER (WHERE action = 'ticket.recurred')
FROM changed
"""
