-- The orders domain: stock, orders, payments. Ids are UUIDv7 text; money is in minor units; times are UTC.

CREATE TABLE IF NOT EXISTS inventory (
    book_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    seller_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    title VARCHAR(300) NOT NULL,
    price_cents BIGINT NOT NULL CHECK (price_cents >= 0),
    -- Whether the book may be ordered: false from its deletion on, and before its creation is known.
    available BOOLEAN NOT NULL,
    -- Copies left, always the sum of the book's movements.
    stock INT NOT NULL CHECK (stock >= 0),
    -- The last sum and version taken from the catalog.
    stock_supplied INT NOT NULL,
    book_version INT NOT NULL,
    -- Counts the changes of stock; stock.changed carries it.
    version INT NOT NULL
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS inventory_movements (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    book_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    kind VARCHAR(10) CHARACTER SET ascii NOT NULL CHECK (kind IN ('received', 'sold', 'returned', 'corrected')),
    -- The change of stock: sold is negative.
    quantity INT NOT NULL,
    order_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
    actor VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    reason VARCHAR(100) NOT NULL,
    at DATETIME(6) NOT NULL,
    KEY movements_of_book (book_id, kind),
    KEY movements_of_order (order_id)
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS orders (
    id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    buyer_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    buyer_name VARCHAR(200) NOT NULL,
    status VARCHAR(10) CHARACTER SET ascii NOT NULL
        CHECK (status IN ('pending', 'paid', 'shipped', 'cancelled', 'expired')),
    delivery_method VARCHAR(10) CHARACTER SET ascii NOT NULL,
    address JSON NULL,
    delivery_cents BIGINT NOT NULL CHECK (delivery_cents >= 0),
    total_cents BIGINT NOT NULL CHECK (total_cents >= delivery_cents),
    currency CHAR(3) CHARACTER SET ascii NOT NULL,
    -- The payment or refund that is on its way: nothing else may change the order meanwhile.
    open_attempt VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
    created_at DATETIME(6) NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    version INT NOT NULL,
    KEY orders_of_buyer (buyer_id, id),
    KEY orders_to_expire (status, expires_at)
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS order_items (
    order_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    book_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    position INT NOT NULL,
    seller_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    title VARCHAR(300) NOT NULL,
    quantity INT NOT NULL CHECK (quantity > 0),
    price_cents BIGINT NOT NULL CHECK (price_cents >= 0),
    PRIMARY KEY (order_id, book_id),
    FOREIGN KEY (order_id) REFERENCES orders (id)
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS shipments (
    order_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    seller_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    status VARCHAR(10) CHARACTER SET ascii NOT NULL CHECK (status IN ('open', 'shipped', 'cancelled', 'refunded')),
    tracking VARCHAR(100) NULL,
    at DATETIME(6) NOT NULL,
    -- Stays when a shipped part is refunded.
    shipped_at DATETIME(6) NULL,
    PRIMARY KEY (order_id, seller_id),
    KEY orders_of_seller (seller_id, order_id),
    FOREIGN KEY (order_id) REFERENCES orders (id)
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS order_history (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    order_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    status VARCHAR(10) CHARACTER SET ascii NOT NULL,
    at DATETIME(6) NOT NULL,
    FOREIGN KEY (order_id) REFERENCES orders (id)
) ENGINE = InnoDB;

-- What became of an order's money; of a card only what may be shown.
CREATE TABLE IF NOT EXISTS payments (
    order_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    -- The attempt that the processor knows the payment by.
    attempt_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
    method VARCHAR(20) CHARACTER SET ascii NOT NULL,
    status VARCHAR(20) CHARACTER SET ascii NOT NULL
        CHECK (status IN ('captured', 'due', 'partially_refunded', 'refunded', 'declined')),
    brand VARCHAR(20) CHARACTER SET ascii NULL,
    last4 CHAR(4) CHARACTER SET ascii NULL,
    due_cents BIGINT NOT NULL CHECK (due_cents >= 0),
    captured_cents BIGINT NOT NULL CHECK (captured_cents >= 0),
    refunded_cents BIGINT NOT NULL CHECK (refunded_cents BETWEEN 0 AND captured_cents),
    FOREIGN KEY (order_id) REFERENCES orders (id)
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS payment_attempts (
    id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    order_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    kind VARCHAR(10) CHARACTER SET ascii NOT NULL CHECK (kind IN ('pay', 'refund', 'cancel')),
    -- The seller whose part is refunded; null for the whole order.
    seller_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
    actor VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    method VARCHAR(20) CHARACTER SET ascii NOT NULL,
    brand VARCHAR(20) CHARACTER SET ascii NULL,
    last4 CHAR(4) CHARACTER SET ascii NULL,
    amount_cents BIGINT NOT NULL CHECK (amount_cents >= 0),
    status VARCHAR(10) CHARACTER SET ascii NOT NULL CHECK (status IN ('open', 'succeeded', 'declined', 'voided')),
    lease_until DATETIME(6) NOT NULL,
    created_at DATETIME(6) NOT NULL,
    KEY attempts_to_settle (status, lease_until),
    FOREIGN KEY (order_id) REFERENCES orders (id)
) ENGINE = InnoDB;

-- The sandbox processor's own records: a reference is charged, refunded or voided once.
CREATE TABLE IF NOT EXISTS sandbox_charges (
    reference VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    kind VARCHAR(10) CHARACTER SET ascii NOT NULL CHECK (kind IN ('charge', 'refund', 'void')),
    charge VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
    status VARCHAR(10) CHARACTER SET ascii NOT NULL CHECK (status IN ('succeeded', 'declined', 'voided')),
    reason VARCHAR(50) CHARACTER SET ascii NULL,
    amount_cents BIGINT NOT NULL,
    created_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS idempotency (
    user_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    operation VARCHAR(30) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    idempotency_key VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    body_hmac CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    attempt_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
    -- Null while the first request is at work.
    status SMALLINT NULL,
    answer JSON NULL,
    created_at DATETIME(6) NOT NULL,
    PRIMARY KEY (user_id, operation, idempotency_key),
    KEY requests_of_attempt (attempt_id),
    KEY requests_to_forget (created_at)
) ENGINE = InnoDB;

-- Events that are committed with their change and wait for the relay. Ids are given before the commit, so a smaller one
-- may appear after a greater one: pending rows are found by `published_at IS NULL`, never by `id > last`.
CREATE TABLE IF NOT EXISTS outbox (
    id           BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    event_id     VARCHAR(64)     NOT NULL,
    type         VARCHAR(100)    NOT NULL,
    traceparent  VARCHAR(55)     NOT NULL DEFAULT '',
    body         MEDIUMTEXT      NOT NULL,
    created_at   DATETIME(6)     NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    published_at DATETIME(6)     NULL,
    KEY outbox_published (published_at, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

-- What each consumer has already taken in, written in the transaction of the effect.
CREATE TABLE IF NOT EXISTS inbox (
    consumer    VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    event_id    VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    received_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    PRIMARY KEY (consumer, event_id),
    KEY inbox_received (received_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

-- The tables of every domain that sends or receives events. The first migration of each domain holds these statements
-- unchanged (a test compares them).

-- Events that are committed with their change and wait for the relay. Ids are given before the commit, so a smaller one
-- may appear after a greater one: pending rows are found by `published_at IS NULL`, never by `id > last`.
CREATE TABLE IF NOT EXISTS outbox (
    id           BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    event_id     VARCHAR(64)     NOT NULL,
    type         VARCHAR(100)    NOT NULL,
    traceparent  VARCHAR(55)     NOT NULL DEFAULT '',
    body         MEDIUMTEXT      NOT NULL,
    created_at   DATETIME(6)     NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    published_at DATETIME(6)     NULL,
    KEY outbox_published (published_at, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

-- What each consumer has already taken in, written in the transaction of the effect.
CREATE TABLE IF NOT EXISTS inbox (
    consumer    VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    event_id    VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    received_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    PRIMARY KEY (consumer, event_id),
    KEY inbox_received (received_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;
