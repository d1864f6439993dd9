-- What happened to single parts of an order, in its history.

ALTER TABLE order_history
    -- `partially_refunded`, too.
    MODIFY COLUMN status VARCHAR(20) CHARACTER SET ascii NOT NULL,
    -- Whose part of the order; null for all of it.
    ADD COLUMN IF NOT EXISTS seller_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL;
