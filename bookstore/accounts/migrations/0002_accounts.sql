-- Mails, verified addresses, sessions that their owner can list, disabled accounts, and what administrators did.

ALTER TABLE users
    ADD COLUMN IF NOT EXISTS email_verified_at DATETIME(6) NULL,
    -- The address that takes the place of `email` once its owner has confirmed it.
    ADD COLUMN IF NOT EXISTS pending_email VARCHAR(254) CHARACTER SET ascii COLLATE ascii_bin NULL,
    ADD COLUMN IF NOT EXISTS disabled_at DATETIME(6) NULL,
    ADD KEY IF NOT EXISTS users_by_role (role, id);

ALTER TABLE token_families
    ADD COLUMN IF NOT EXISTS started_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    ADD COLUMN IF NOT EXISTS renewed_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
    ADD KEY IF NOT EXISTS families_listed (user_id, id);

-- Mails to people, for the admins to read and the mail server to deliver. A link that lets its reader in is not kept
-- here: it is made when the mail is sent.
CREATE TABLE IF NOT EXISTS mails (
    id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    -- Null when the recipient has no account any more.
    user_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
    recipient VARCHAR(254) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    kind VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    subject VARCHAR(400) NOT NULL,
    text TEXT NOT NULL,
    -- `kept`: never sent, because there was no mail server for a day.
    status VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'waiting'
        CHECK (status IN ('waiting', 'sent', 'failed', 'kept')),
    attempts INT NOT NULL DEFAULT 0,
    -- When it is to be tried next; whoever tries it moves this on first, so nobody else does.
    next_at DATETIME(6) NOT NULL,
    -- What the mail server said last.
    problem VARCHAR(300) NULL,
    sent_at DATETIME(6) NULL,
    created_at DATETIME(6) NOT NULL,
    KEY mails_to_send (status, next_at),
    KEY mails_of_user (user_id, id),
    KEY mails_of_recipient (recipient, id),
    KEY mails_of_kind (kind, id),
    KEY mails_to_forget (created_at)
) ENGINE = InnoDB;

-- What a link in a mail proves, and for how long. It is used once.
CREATE TABLE IF NOT EXISTS mailed_tokens (
    -- SHA-256 of the token, in hex.
    digest CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    kind VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL CHECK (kind IN ('verify_email', 'reset_password')),
    user_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- The address that it was sent to.
    email VARCHAR(254) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    expires_at DATETIME(6) NOT NULL,
    KEY tokens_of_user (user_id, kind),
    KEY tokens_to_forget (expires_at),
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE = InnoDB;

-- Addresses, with or without an account, whose password somebody wants to reset.
CREATE TABLE IF NOT EXISTS reset_requests (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    email VARCHAR(254) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    requested_at DATETIME(6) NOT NULL
) ENGINE = InnoDB;

-- What administrators did to what is not theirs, in any domain.
CREATE TABLE IF NOT EXISTS admin_acts (
    id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    admin_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    admin_name VARCHAR(200) NOT NULL,
    act VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    target_kind VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    target_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    details JSON NOT NULL,
    at DATETIME(6) NOT NULL,
    KEY acts_of_admin (admin_id, id),
    KEY acts_on_target (target_id, id)
) ENGINE = InnoDB;

-- People whose account is gone, of whom the other domains are to hear once more.
CREATE TABLE IF NOT EXISTS departures (
    user_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    left_at DATETIME(6) NOT NULL,
    trace VARCHAR(55) CHARACTER SET ascii NOT NULL,
    KEY departures_in_order (left_at)
) ENGINE = InnoDB;
