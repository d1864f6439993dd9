-- The accounts domain: people, their sessions, failed sign-ins. Ids are UUIDv7 text; times are UTC.

CREATE TABLE IF NOT EXISTS users (
    id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    -- In lower case, so that an address has one account however it is typed.
    email VARCHAR(254) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    name VARCHAR(100) NOT NULL,
    role VARCHAR(10) CHARACTER SET ascii NOT NULL CHECK (role IN ('user', 'admin')),
    -- Argon2id in PHC format; anything else matches no password.
    password_hash VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    created_at DATETIME(6) NOT NULL,
    UNIQUE KEY users_email (email)
) ENGINE = InnoDB;

-- A session: the refresh tokens that descend from one sign-in. It ends as a whole.
CREATE TABLE IF NOT EXISTS token_families (
    id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    user_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    revoked_at DATETIME(6) NULL,
    -- When the youngest of its tokens expires.
    expires_at DATETIME(6) NOT NULL,
    KEY families_of_user (user_id, expires_at),
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS refresh_tokens (
    -- SHA-256 of the token, in hex: who reads this table cannot sign in with it.
    digest CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    family_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    used_at DATETIME(6) NULL,
    expires_at DATETIME(6) NOT NULL,
    KEY tokens_of_family (family_id, expires_at),
    FOREIGN KEY (family_id) REFERENCES token_families (id) ON DELETE CASCADE
) ENGINE = InnoDB;

-- Of addresses without an account too: they must not be told apart.
CREATE TABLE IF NOT EXISTS login_failures (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    email VARCHAR(254) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    failed_at DATETIME(6) NOT NULL,
    KEY failures_of_email (email, failed_at),
    KEY failures_to_forget (failed_at)
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
