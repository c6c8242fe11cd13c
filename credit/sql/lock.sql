-- Lock accounts and the groups above them, all in id order, until the transaction ends.
--
-- The groups are read before the locks are waited for. If they changed meanwhile, the new ones are
-- locked without waiting: somebody may hold them and wait for an account that is ours. Raises
-- lock_not_available then.
CREATE OR REPLACE FUNCTION credit_lock_all(of_accounts bigint[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    before bigint[];
    now bigint[];
BEGIN
    before := credit_with_groups(of_accounts);
    PERFORM 1 FROM credit_creditaccount WHERE id = ANY(before) ORDER BY id FOR NO KEY UPDATE;
    now := credit_with_groups(of_accounts);
    IF NOT now <@ before THEN
        PERFORM 1 FROM credit_creditaccount WHERE id = ANY(now) ORDER BY id
            FOR NO KEY UPDATE NOWAIT;
    END IF;
END $$;

-- The accounts and the groups above them. Volatile, so that it sees what was committed just now.
CREATE OR REPLACE FUNCTION credit_with_groups(of_accounts bigint[]) RETURNS bigint[]
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    RETURN ARRAY(
        SELECT DISTINCT unnest(ancestors || id) FROM credit_creditaccount
        WHERE id = ANY(of_accounts)
    );
END $$;

-- The same for one account, in fewer steps: it is called for each order.
CREATE OR REPLACE FUNCTION credit_lock(of_account bigint) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    before bigint[];
    now bigint[];
BEGIN
    SELECT ancestors INTO before FROM credit_creditaccount WHERE id = of_account;
    PERFORM 1 FROM credit_creditaccount WHERE id = ANY(before || of_account)
        ORDER BY id FOR NO KEY UPDATE;
    SELECT ancestors INTO now FROM credit_creditaccount WHERE id = of_account;
    IF NOT now <@ before THEN
        PERFORM 1 FROM credit_creditaccount WHERE id = ANY(now) ORDER BY id
            FOR NO KEY UPDATE NOWAIT;
    END IF;
END $$;
