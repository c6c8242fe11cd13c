-- How a customer stands, as `credit.standing` describes it: what the checks look at, as JSON with
-- amounts as text. A function, so that its plans are kept and one call answers: it is asked for each
-- order. Lock the account and its groups first where the answer must hold.

CREATE OR REPLACE FUNCTION credit_limits_on(of_account bigint, on_day date) RETURNS json
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT coalesce(json_agg(json_build_object(
            'type', l.type, 'kind', l.kind, 'amount', l.amount::text,
            'percent', l.covered_percent::text, 'from', l.valid_from, 'until', l.valid_until
        ) ORDER BY l.id), '[]')
        FROM credit_creditlimit l
        WHERE l.account_id = of_account AND l.ended_at IS NULL AND l.valid_from <= on_day
            AND (l.type <> 'base' AND l.valid_until >= on_day OR l.id = (
                SELECT b.id FROM credit_creditlimit b
                WHERE b.account_id = of_account AND b.type = 'base' AND b.ended_at IS NULL
                    AND b.valid_from <= on_day
                ORDER BY b.valid_from DESC, b.id DESC LIMIT 1
            ))
    );
END $$;

-- What the members of an account's group use, by currency; empty where nobody uses anything.
CREATE OR REPLACE FUNCTION credit_members_of(of_account bigint) RETURNS json
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT coalesce(json_object_agg(u.currency, u.used::text), '{}')
        FROM credit_groupexposure u WHERE u.account_id = of_account AND u.used <> 0
    );
END $$;

CREATE OR REPLACE FUNCTION credit_standing(
    of_account bigint, on_day date, overdue_days integer, overdue_disputed boolean,
    oldest_disputed boolean, promise_days integer
) RETURNS json LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    account credit_creditaccount;
    customer credit_customer;
    segment json;
    member bigint;
    found json;
    groups json[] := '{}';
    overdue json;
    broken bigint;
BEGIN
    SELECT * INTO STRICT account FROM credit_creditaccount WHERE id = of_account;
    SELECT * INTO STRICT customer FROM credit_customer WHERE id = account.customer_id;
    SELECT json_build_object('code', code, 'kind', limit_kind, 'amount', limit_amount::text,
        'currency', limit_currency)
    INTO segment FROM credit_segment WHERE id = customer.segment_id;

    FOREACH member IN ARRAY account.ancestors LOOP
        SELECT json_build_object(
            'id', a.id, 'name', c.name, 'currency', a.currency,
            'used', (a.reserved + a.delivered + a.receivable)::text,
            'members', credit_members_of(a.id),
            'limits', credit_limits_on(a.id, on_day),
            'segment', json_build_object('code', s.code, 'kind', s.limit_kind,
                'amount', s.limit_amount::text, 'currency', s.limit_currency)
        ) INTO found
        FROM credit_creditaccount a
        JOIN credit_customer c ON c.id = a.customer_id
        JOIN credit_segment s ON s.id = c.segment_id
        WHERE a.id = member;
        groups := groups || found;
    END LOOP;

    SELECT json_build_object(
        'amount', coalesce(sum(late.amount) FILTER (WHERE counted), 0)::text,
        'days', coalesce(max(late.days) FILTER (WHERE counted), 0),
        'count', count(*) FILTER (WHERE counted),
        'disputed', coalesce(sum(late.disputed), 0)::text,
        'invoices', coalesce(json_agg(json_build_object(
            'number', late.number, 'amount', late.amount::text,
            'due_on', late.due_on, 'days', late.days::text
        ) ORDER BY late.due_on, late.id) FILTER (WHERE counted AND late.rank <= 10), '[]'),
        'oldest_days', coalesce(max(late.days) FILTER (WHERE late.oldest), 0),
        'oldest_number', coalesce((array_agg(late.number ORDER BY late.due_on, late.id)
            FILTER (WHERE late.oldest))[1], '')
    ) INTO overdue
    FROM (
        SELECT i.id, i.number, i.due_on, on_day - i.due_on AS days,
            i.disputed_amount AS disputed,
            i.open_amount - CASE WHEN overdue_disputed THEN 0 ELSE i.disputed_amount END AS amount,
            on_day - i.due_on > overdue_days
                AND (overdue_disputed OR i.open_amount > i.disputed_amount) AS counted,
            oldest_disputed OR i.open_amount > i.disputed_amount AS oldest,
            row_number() OVER (
                ORDER BY (overdue_disputed OR i.open_amount > i.disputed_amount) DESC, i.due_on, i.id
            ) AS rank
        FROM credit_invoice i
        WHERE i.account_id = of_account AND i.open_amount > 0 AND i.due_on < on_day
    ) late;

    -- A promise that was kept in part was not kept.
    SELECT count(*) INTO broken FROM credit_promise p
    WHERE p.account_id = of_account AND p.state IN ('broken', 'partly_kept')
        AND p.due_on >= on_day - promise_days AND p.due_on < on_day;

    RETURN json_build_object(
        'account', json_build_object(
            'id', account.id, 'name', customer.name, 'currency', account.currency,
            'reserved', account.reserved::text, 'delivered', account.delivered::text,
            'receivable', account.receivable::text, 'members', credit_members_of(account.id),
            'review_on', account.review_on, 'limits', credit_limits_on(account.id, on_day)
        ),
        'customer', json_build_object(
            'status', customer.status, 'status_reason', customer.status_reason,
            'risk_class', customer.risk_class, 'payment_days', customer.payment_days
        ),
        'segment', segment, 'groups', to_json(groups), 'overdue', overdue, 'promises', broken
    );
END $$;
