-- How often somebody has changed their name: it tells other domains, which hear of it late, an older name from a newer.

ALTER TABLE users
    ADD COLUMN IF NOT EXISTS name_version INT NOT NULL DEFAULT 1;
