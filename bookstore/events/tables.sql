-- The tables of every domain that sends or receives events. The first migration of each domain holds these statements
-- unchanged (a test compares them). A later one drops the inbox of a domain whose consumers tell by themselves what they
-- know already.

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
