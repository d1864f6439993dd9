-- What lists and searches need: works with what readers make of them, an order of arrival, and a queue of changed books.

-- A row for each work: copies sold, how many ratings there are, and the sum of their stars.
CREATE TABLE IF NOT EXISTS works (
    id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    sold INT NOT NULL DEFAULT 0 CHECK (sold >= 0),
    ratings INT NOT NULL DEFAULT 0 CHECK (ratings >= 0),
    stars INT NOT NULL DEFAULT 0 CHECK (stars >= 0)
) ENGINE = InnoDB;

INSERT IGNORE INTO works (id) SELECT work_id FROM work_keys UNION SELECT work_id FROM books;

-- `sold` is the work's, kept here to sort by. `number` tells in which order books came, and ends every sorting: it is
-- small enough to be part of one number with what is sorted by, which ids are not. Rows get theirs in the order of ids.
-- Titles are sorted by their words, as the index sorts them.
ALTER TABLE books
    ADD COLUMN IF NOT EXISTS sold INT NOT NULL DEFAULT 0 CHECK (sold >= 0),
    ADD COLUMN IF NOT EXISTS number BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    ADD COLUMN IF NOT EXISTS title_key VARCHAR(300) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin
        AS (LEFT(title_words, 300)) PERSISTENT,
    ADD UNIQUE KEY IF NOT EXISTS books_by_number (number);

ALTER TABLE books
    DROP KEY IF EXISTS books_by_price,
    DROP KEY IF EXISTS books_by_title,
    DROP KEY IF EXISTS books_of_seller,
    DROP KEY IF EXISTS books_of_work,
    DROP KEY IF EXISTS books_of_isbn,
    ADD KEY books_by_price (price_cents, number),
    ADD KEY books_by_title (title_key, number),
    ADD KEY IF NOT EXISTS books_by_sold (sold, number),
    ADD KEY books_of_seller (seller_id, number),
    ADD KEY books_of_work (work_id, number),
    ADD KEY books_of_isbn (isbn13, number);

CREATE TRIGGER IF NOT EXISTS book_takes_over_sales BEFORE INSERT ON books FOR EACH ROW
    SET NEW.sold = COALESCE((SELECT sold FROM works WHERE id = NEW.work_id), 0);

CREATE TRIGGER IF NOT EXISTS book_changes_work BEFORE UPDATE ON books FOR EACH ROW
    SET NEW.sold = IF(NEW.work_id = OLD.work_id, NEW.sold,
        COALESCE((SELECT sold FROM works WHERE id = NEW.work_id), 0));

-- Books whose copy in the search index is out of date, once for each change. Whoever brings the index up to date deletes
-- the rows that it has read, and no others: ids are given before the commit, so a smaller one may appear later.
CREATE TABLE IF NOT EXISTS search_queue (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    number BIGINT UNSIGNED NOT NULL
) ENGINE = InnoDB;

-- By triggers, for a change that is not told of is a book that is not found, and imports and repairs write as well.
CREATE TRIGGER IF NOT EXISTS book_listed AFTER INSERT ON books FOR EACH ROW
    INSERT INTO search_queue (number) VALUES (NEW.number);

CREATE TRIGGER IF NOT EXISTS book_changed AFTER UPDATE ON books FOR EACH ROW
    INSERT INTO search_queue (number) SELECT NEW.number FROM DUAL
    WHERE NEW.version <> OLD.version OR NEW.sold <> OLD.sold OR (NEW.stock > 0) <> (OLD.stock > 0);

CREATE TRIGGER IF NOT EXISTS book_taken_off AFTER DELETE ON books FOR EACH ROW
    INSERT INTO search_queue (number) VALUES (OLD.number);
