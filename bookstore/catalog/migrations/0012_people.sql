-- What people are called, as far as accounts have told. Whoever puts something under a name holds the row until it is
-- there: a renaming at that moment comes before or after it.

CREATE TABLE IF NOT EXISTS people (
    user_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    -- Null while nothing is told, and when the account is gone.
    name VARCHAR(200) NULL,
    -- The account's count of its names; 0 while nothing is told, and above any count when the account is gone.
    version INT NOT NULL DEFAULT 0
) ENGINE = InnoDB;
