-- Tax, refunds of single copies, links to parcels, saved addresses, and the ledger of payments. What an earlier version
-- wrote is brought up to it here; what its functions do while they are being replaced shows in `make audit`.

ALTER TABLE orders
    ADD COLUMN IF NOT EXISTS tax_basis_points INT NOT NULL DEFAULT 0 CHECK (tax_basis_points >= 0),
    ADD COLUMN IF NOT EXISTS tax_included BOOLEAN NOT NULL DEFAULT TRUE,
    -- The tax in the total, as the order was placed.
    ADD COLUMN IF NOT EXISTS tax_cents BIGINT NOT NULL DEFAULT 0 CHECK (tax_cents >= 0);

ALTER TABLE order_items
    -- Copies that were cancelled, refunded or never paid, and those among them that went back into the stock.
    ADD COLUMN IF NOT EXISTS taken_back INT NOT NULL DEFAULT 0 CHECK (taken_back BETWEEN 0 AND quantity),
    ADD COLUMN IF NOT EXISTS restocked INT NOT NULL DEFAULT 0 CHECK (restocked BETWEEN 0 AND taken_back);

UPDATE order_items JOIN shipments USING (order_id, seller_id)
    SET taken_back = quantity, restocked = IF(shipped_at IS NULL, quantity, 0)
    WHERE shipments.status IN ('cancelled', 'refunded') AND taken_back = 0;

ALTER TABLE shipments
    ADD COLUMN IF NOT EXISTS carrier VARCHAR(60) NULL,
    ADD COLUMN IF NOT EXISTS tracking_url VARCHAR(500) CHARACTER SET ascii NULL;

ALTER TABLE payment_attempts
    -- The copies that a refund or cancel takes back: [{"book_id", "quantity", "restock"}].
    ADD COLUMN IF NOT EXISTS returned JSON NULL,
    ADD COLUMN IF NOT EXISTS reason VARCHAR(200) NOT NULL DEFAULT '';

-- Every movement of an order's money. What is due now is: due - captured - waived.
CREATE TABLE IF NOT EXISTS payment_entries (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    order_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    kind VARCHAR(10) CHARACTER SET ascii NOT NULL CHECK (kind IN ('due', 'captured', 'refunded', 'waived')),
    cents BIGINT NOT NULL CHECK (cents > 0),
    -- Whose part of the order; null for its delivery.
    seller_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
    -- The attempt that the processor knows; null for cash.
    attempt_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
    actor VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    reason VARCHAR(200) NOT NULL,
    at DATETIME(6) NOT NULL,
    KEY entries_of_order (order_id, id),
    FOREIGN KEY (order_id) REFERENCES orders (id)
) ENGINE = InnoDB;

INSERT INTO payment_entries (order_id, kind, cents, attempt_id, actor, reason, at)
    SELECT order_id, kind, cents, attempt_id, 'migration', 'carried over', CURRENT_TIMESTAMP(6)
    FROM (
        SELECT order_id, attempt_id, 1 AS step, 'due' AS kind, due_cents + captured_cents AS cents FROM payments
        UNION ALL SELECT order_id, attempt_id, 2, 'captured', captured_cents FROM payments
        UNION ALL SELECT order_id, attempt_id, 3, 'refunded', refunded_cents FROM payments
    ) carried
    WHERE cents > 0 AND order_id NOT IN (SELECT order_id FROM payment_entries)
    ORDER BY order_id, step;

CREATE TABLE IF NOT EXISTS addresses (
    id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    user_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- As in an order.
    address JSON NOT NULL,
    created_at DATETIME(6) NOT NULL,
    KEY addresses_of_user (user_id, id)
) ENGINE = InnoDB;

-- A book's movements are listed by their number.
ALTER TABLE inventory_movements
    DROP KEY IF EXISTS movements_of_book,
    ADD KEY IF NOT EXISTS movements_listed (book_id, id);
