-- People whose account is gone, until their orders are settled and name nobody any more.

CREATE TABLE IF NOT EXISTS departures (
    user_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    left_at DATETIME(6) NOT NULL,
    trace VARCHAR(55) CHARACTER SET ascii NOT NULL,
    KEY departures_in_order (left_at)
) ENGINE = InnoDB;
