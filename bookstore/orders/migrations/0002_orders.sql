-- Tax, refunds of single copies, links to parcels, saved addresses, and the ledger of payments. What the version before
-- wrote is brought up to this one here; two triggers do that to what its functions write until they are all replaced. A
-- later release drops them.

ALTER TABLE orders
    ADD COLUMN IF NOT EXISTS tax_basis_points INT NOT NULL DEFAULT 0 CHECK (tax_basis_points >= 0),
    ADD COLUMN IF NOT EXISTS tax_included BOOLEAN NOT NULL DEFAULT TRUE,
    -- The tax in the total, as the order was placed.
    ADD COLUMN IF NOT EXISTS tax_cents BIGINT NOT NULL DEFAULT 0 CHECK (tax_cents >= 0);

ALTER TABLE order_items
    -- Copies that were cancelled, refunded or never paid, and those among them that went back into the stock.
    ADD COLUMN IF NOT EXISTS taken_back INT NOT NULL DEFAULT 0 CHECK (taken_back BETWEEN 0 AND quantity),
    ADD COLUMN IF NOT EXISTS restocked INT NOT NULL DEFAULT 0 CHECK (restocked BETWEEN 0 AND taken_back);

-- It knew whole parts only. Functions of this version take the copies back before they move the part.
CREATE TRIGGER IF NOT EXISTS parts_taken_back AFTER UPDATE ON shipments FOR EACH ROW
    UPDATE order_items SET restocked = restocked + IF(NEW.shipped_at IS NULL, quantity - taken_back, 0),
        taken_back = quantity
    WHERE order_id = NEW.order_id AND seller_id = NEW.seller_id AND NEW.status IN ('cancelled', 'refunded')
        AND taken_back < quantity;

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

-- What a payment holds and its ledger does not tell yet. Functions of this version write the ledger first.
CREATE TRIGGER IF NOT EXISTS payments_carried_over AFTER INSERT ON payments FOR EACH ROW
    INSERT INTO payment_entries (order_id, kind, cents, attempt_id, actor, reason, at)
    SELECT NEW.order_id, kind, cents, NEW.attempt_id, 'migration', 'carried over', CURRENT_TIMESTAMP(6)
    FROM (
        WITH told AS (
            SELECT COALESCE(SUM(IF(kind = 'captured', cents, 0)), 0) AS captured,
                COALESCE(SUM(IF(kind = 'refunded', cents, 0)), 0) AS refunded,
                COALESCE(SUM(CASE kind WHEN 'due' THEN cents WHEN 'waived' THEN -cents END), 0) AS due
            FROM payment_entries WHERE order_id = NEW.order_id
        )
        SELECT 1 AS step, 'due' AS kind, NEW.due_cents + NEW.captured_cents - due AS cents FROM told
        UNION ALL SELECT 2, 'waived', due - NEW.due_cents - NEW.captured_cents FROM told
        UNION ALL SELECT 3, 'captured', NEW.captured_cents - captured FROM told
        UNION ALL SELECT 4, 'refunded', NEW.refunded_cents - refunded FROM told
    ) missing
    WHERE cents > 0
    ORDER BY step;

REPLACE INTO payments SELECT * FROM payments;

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
