-- The catalog domain: listings and the works they offer. Ids are UUIDv7 text; money is in minor units; times are UTC.

CREATE TABLE IF NOT EXISTS books (
    id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    work_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    seller_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    seller_name VARCHAR(200) NOT NULL,
    title VARCHAR(300) NOT NULL,
    subtitle VARCHAR(300) NULL,
    contributors JSON NOT NULL,
    isbn13 CHAR(13) CHARACTER SET ascii COLLATE ascii_bin NULL,
    publisher VARCHAR(200) NULL,
    -- A year, a month or a day, as far as it is known; years before Christ are negative.
    published VARCHAR(11) CHARACTER SET ascii NULL,
    language VARCHAR(35) CHARACTER SET ascii NULL,
    format VARCHAR(20) CHARACTER SET ascii NULL,
    pages INT NULL,
    series_title VARCHAR(300) NULL,
    series_volume VARCHAR(20) NULL,
    subjects JSON NOT NULL,
    description TEXT NULL,
    book_condition VARCHAR(20) CHARACTER SET ascii NOT NULL,
    price_cents BIGINT NOT NULL CHECK (price_cents >= 0),
    -- A copy of what the orders domain has left, and the version of that copy.
    stock INT NOT NULL CHECK (stock >= 0),
    stock_version INT NOT NULL DEFAULT 0,
    -- The running sum of the copies that the seller put in and took out.
    stock_supplied BIGINT NOT NULL,
    -- Counts the seller's changes.
    version INT NOT NULL,
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    -- What searches read: the texts above as plain words.
    title_words TEXT NOT NULL,
    author_words TEXT NOT NULL,
    other_words TEXT NOT NULL,
    KEY books_by_price (price_cents, id),
    KEY books_by_title (title, id),
    KEY books_of_seller (seller_id, id),
    KEY books_of_work (work_id, id),
    KEY books_of_isbn (isbn13, id),
    FULLTEXT KEY books_words (title_words, author_words, other_words),
    FULLTEXT KEY books_author_words (author_words)
) ENGINE = InnoDB;

-- What a work is recognized by: an ISBN, or title and first author.
CREATE TABLE IF NOT EXISTS work_keys (
    name CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    work_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
) ENGINE = InnoDB;

-- Collections that were loaded once and are not loaded again.
CREATE TABLE IF NOT EXISTS loads (
    name VARCHAR(50) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    loaded_at DATETIME(6) NOT NULL
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
