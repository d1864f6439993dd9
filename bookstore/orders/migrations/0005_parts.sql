-- What happened to single parts of an order, in its history; lists of orders in one status; goodwill.

ALTER TABLE order_history
    -- `partially_refunded`, too.
    MODIFY COLUMN status VARCHAR(20) CHARACTER SET ascii NOT NULL,
    -- Whose part of the order; null for all of it.
    ADD COLUMN IF NOT EXISTS seller_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL;

-- An order's id begins with the time it was made: lists are in its order.
ALTER TABLE orders
    ADD KEY IF NOT EXISTS orders_of_buyer_in_status (buyer_id, status, id),
    ADD KEY IF NOT EXISTS orders_in_status (status, id);
ALTER TABLE shipments
    ADD KEY IF NOT EXISTS parts_of_seller_in_status (seller_id, status, order_id);

-- Money that was given back though the buyer keeps the copies; the part is worth so much less.
ALTER TABLE shipments
    ADD COLUMN IF NOT EXISTS goodwill_cents BIGINT NOT NULL DEFAULT 0 CHECK (goodwill_cents >= 0);
ALTER TABLE payment_attempts
    MODIFY COLUMN kind VARCHAR(10) CHARACTER SET ascii NOT NULL CHECK (kind IN ('pay', 'refund', 'cancel', 'goodwill'));
