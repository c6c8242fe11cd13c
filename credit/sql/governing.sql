-- The policy version that decides for a customer, and the one in its shadow; see `credit.governing`.
CREATE OR REPLACE FUNCTION credit_governing(
    of_customer bigint, OUT version_id bigint, OUT shadow_id bigint
) LANGUAGE plpgsql STABLE AS $$
DECLARE
    customer credit_customer;
    governing bigint;
BEGIN
    SELECT * INTO STRICT customer FROM credit_customer WHERE id = of_customer;
    SELECT v.id, p.id INTO version_id, governing
    FROM credit_policy p
    JOIN credit_policyversion v ON v.policy_id = p.id AND v.state = 'published'
    WHERE (
            p.scope = 'all'
            OR p.scope = 'segment' AND p.segment_id = customer.segment_id
            OR p.scope = 'risk_class' AND p.risk_class = customer.risk_class
            OR p.scope = 'customer' AND p.customer_id = customer.id
        ) AND NOT EXISTS (
            SELECT 1 FROM credit_policy_excluded e
            WHERE e.policy_id = p.id AND e.customer_id = customer.id
        )
    ORDER BY array_position(ARRAY['customer', 'risk_class', 'segment', 'all'], p.scope::text)
    LIMIT 1;
    SELECT v.id INTO shadow_id FROM credit_policyversion v
    WHERE v.policy_id = governing AND v.state = 'shadow';
END $$;
