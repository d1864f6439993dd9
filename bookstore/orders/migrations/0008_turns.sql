-- Users with something of which each may have so many: whoever adds to it holds the row, so that none is added unseen.

CREATE TABLE IF NOT EXISTS turns (
    user_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY
) ENGINE = InnoDB;
