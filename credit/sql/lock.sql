-- Lock an account and the groups above it, all in id order, until the transaction ends.
--
-- The groups are read before the locks are waited for. If they changed meanwhile, the new ones are
-- locked without waiting: somebody may hold them and wait for an account that is ours. Raises
-- lock_not_available then.
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
