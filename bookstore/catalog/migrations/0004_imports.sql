-- Imports: a seller's file in parts, how far it was worked off, and what is wrong in it.

ALTER TABLE books
    -- The seller's own number of a listing that came from a file, by which the next file knows it again.
    ADD COLUMN IF NOT EXISTS sku VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
    ADD UNIQUE KEY IF NOT EXISTS books_by_sku (seller_id, sku);

CREATE TABLE IF NOT EXISTS imports (
    id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    seller_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    seller_name VARCHAR(200) NOT NULL,
    -- How the file is to be read, as the seller said.
    said JSON NOT NULL,
    status VARCHAR(10) CHARACTER SET ascii NOT NULL,
    -- Where reading goes on.
    next_offset BIGINT NOT NULL DEFAULT 0,
    next_line BIGINT NOT NULL DEFAULT 1,
    -- Counts of what was found, and of what was done.
    checked JSON NULL,
    ran JSON NULL,
    failed_line BIGINT NULL,
    failed_because VARCHAR(1000) NULL,
    -- Counts the steps; of the last event that asked for one, `due_version` is the version.
    version INT NOT NULL DEFAULT 1,
    due_version INT NOT NULL DEFAULT 0,
    trace VARCHAR(55) CHARACTER SET ascii NOT NULL DEFAULT '',
    created_at DATETIME(6) NOT NULL,
    updated_at DATETIME(6) NOT NULL,
    KEY imports_of_seller (seller_id, id),
    KEY imports_by_age (updated_at)
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS import_parts (
    import_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    number INT NOT NULL,
    size INT NOT NULL,
    sha256 CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    content MEDIUMBLOB NOT NULL,
    PRIMARY KEY (import_id, number),
    FOREIGN KEY (import_id) REFERENCES imports (id) ON DELETE CASCADE
) ENGINE = InnoDB;

-- The keys of a file's rows: the first line with a key has it. `seen` is the stock that its listing had when it was checked.
CREATE TABLE IF NOT EXISTS import_keys (
    import_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    name VARCHAR(120) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    line BIGINT NOT NULL,
    seen INT NULL,
    PRIMARY KEY (import_id, name),
    FOREIGN KEY (import_id) REFERENCES imports (id) ON DELETE CASCADE
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS import_problems (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    import_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    line BIGINT NOT NULL,
    field VARCHAR(100) NOT NULL,
    reason VARCHAR(500) NOT NULL,
    refused BOOLEAN NOT NULL,
    KEY problems_of_import (import_id, id),
    FOREIGN KEY (import_id) REFERENCES imports (id) ON DELETE CASCADE
) ENGINE = InnoDB;
