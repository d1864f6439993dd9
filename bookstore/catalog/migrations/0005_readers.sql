-- What readers bring: sales and what came back of them, reviews, wishes. `works` and `books.sold` show sums of these.

-- The work of a listing that is gone: its last orders may be told of afterwards. A trigger, because listings are taken
-- off in several ways.
CREATE TABLE IF NOT EXISTS gone_books (
    book_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    work_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
) ENGINE = InnoDB;

CREATE TRIGGER IF NOT EXISTS book_gone AFTER DELETE ON books FOR EACH ROW
    INSERT INTO gone_books (book_id, work_id) VALUES (OLD.id, OLD.work_id) ON DUPLICATE KEY UPDATE work_id = OLD.work_id;

-- The lines of orders, as the events of orders tell of them. A line counts from `paid_at` on, which comes last when the
-- events come in another order.
CREATE TABLE IF NOT EXISTS sales (
    order_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    book_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- Null when the catalog never knew the listing.
    work_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
    seller_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    buyer_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    title VARCHAR(300) NOT NULL,
    quantity INT NOT NULL CHECK (quantity > 0),
    price_cents BIGINT NOT NULL CHECK (price_cents >= 0),
    paid_at DATETIME(6) NULL,
    -- The copies paid for that the buyer keeps; `works.sold` is their sum.
    kept INT NOT NULL DEFAULT 0 CHECK (kept BETWEEN 0 AND quantity),
    PRIMARY KEY (order_id, book_id),
    KEY sales_of_seller (seller_id, paid_at),
    KEY sales_of_buyer (buyer_id, work_id),
    KEY sales_of_work (work_id),
    KEY sales_by_time (paid_at, work_id, kept)
) ENGINE = InnoDB;

-- What was taken back of a line, a row for each event that told of it.
CREATE TABLE IF NOT EXISTS sale_returns (
    order_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    book_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- The order's version, which tells what came before what.
    version INT NOT NULL,
    seller_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- The copies of the line that were gone by then; null for all of them.
    told INT NULL,
    -- Those among them that were not gone before, as far as is known.
    copies INT NOT NULL DEFAULT 0 CHECK (copies >= 0),
    at DATETIME(6) NOT NULL,
    PRIMARY KEY (order_id, book_id, version),
    KEY returns_of_seller (seller_id, at)
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS reviews (
    id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    work_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    user_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- Null when the account is gone.
    user_name VARCHAR(200) NULL,
    rating TINYINT NOT NULL CHECK (rating BETWEEN 1 AND 5),
    text TEXT NULL,
    -- Taken back by its writer, or hidden by an admin for a reason: each stays so whatever the other does.
    withdrawn BOOLEAN NOT NULL DEFAULT FALSE,
    hidden_reason VARCHAR(300) NULL,
    -- The stars that it adds to its work, 0 while it is not shown; `works.stars` is their sum.
    counted TINYINT NOT NULL DEFAULT 0 CHECK (counted BETWEEN 0 AND 5),
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    UNIQUE KEY review_of_user (user_id, work_id),
    KEY reviews_of_work (work_id, id)
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS review_reports (
    review_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    user_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    reason VARCHAR(300) NOT NULL,
    at DATETIME(6) NOT NULL,
    PRIMARY KEY (review_id, user_id)
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS wishes (
    id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    user_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    work_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- As it was when it was wished for: its listings may all be gone.
    title VARCHAR(300) NOT NULL,
    -- Since when the reader waits to be told; null when they don't.
    asked_at DATETIME(6) NULL,
    told_at DATETIME(6) NULL,
    -- Until then a copy is theirs to buy, and nobody else is told of it.
    held_until DATETIME(6) NULL,
    -- Counts how often the reader was told.
    version INT NOT NULL DEFAULT 0,
    created_at DATETIME(6) NOT NULL,
    UNIQUE KEY wish_of_user (user_id, work_id),
    KEY wishes_of_user (user_id, id),
    KEY wishes_to_tell (work_id, asked_at),
    KEY holds_of_work (work_id, held_until)
) ENGINE = InnoDB;
