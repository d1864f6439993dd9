-- Imports: how much is wrong in a file beyond what is kept in import_problems.

ALTER TABLE imports
    ADD COLUMN IF NOT EXISTS problems_left_out INT NOT NULL DEFAULT 0;
