/**
 * Changes of database version 3: alignments. The table `object` is made anew, because SQLite cannot widen its
 * list of extensions; the steps run with foreign keys off and are checked before they are committed.
 */
export const schemaVersion3 = `
CREATE TABLE object_3 (
  sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64 AND sha256 NOT GLOB '*[^0-9a-f]*'),
  bytes INTEGER NOT NULL CHECK (bytes > 0),
  -- '.tif': a frame or a canonical image. '.json': the record of a calibration or an alignment.
  -- '.npy': an array of an alignment.
  extension TEXT NOT NULL CHECK (extension IN ('.tif', '.json', '.npy')),
  first_seen_at TEXT NOT NULL
) STRICT;
INSERT INTO object_3 (sha256, bytes, extension, first_seen_at)
  SELECT sha256, bytes, extension, first_seen_at FROM object;
DROP TABLE object;
ALTER TABLE object_3 RENAME TO object;

-- What is looked up of an aligned pair; the rest is in its object.
-- AUTOINCREMENT: a number is never given out twice, also when rows are removed.
CREATE TABLE alignment (
  alignment_number INTEGER PRIMARY KEY AUTOINCREMENT,
  shot_id INTEGER NOT NULL REFERENCES shot (shot_id),
  -- Hash of all that it was made of; the same is never made twice.
  input_key TEXT NOT NULL CHECK (length(input_key) = 64 AND input_key NOT GLOB '*[^0-9a-f]*'),
  created_at TEXT NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('accept', 'warn', 'reject')),
  reasons TEXT NOT NULL CHECK (json_type(reasons) = 'array'),
  approximate INTEGER NOT NULL CHECK (approximate IN (0, 1)),
  -- Not references: a calibration may have come from a file.
  pair_calibration_id TEXT,
  color_calibration_id TEXT,
  -- Of the record's text.
  sha256 TEXT NOT NULL REFERENCES object (sha256),
  UNIQUE (shot_id, input_key)
) STRICT;
CREATE INDEX alignment_of_object ON alignment (sha256);

CREATE TABLE alignment_file (
  alignment_number INTEGER NOT NULL REFERENCES alignment (alignment_number),
  position INTEGER NOT NULL CHECK (position >= 0),
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL REFERENCES object (sha256),
  PRIMARY KEY (alignment_number, position),
  UNIQUE (alignment_number, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX alignment_file_of_object ON alignment_file (sha256);

CREATE TRIGGER alignments_never_change BEFORE UPDATE ON alignment
BEGIN SELECT RAISE(ABORT, 'a stored alignment never changes'); END;

CREATE TRIGGER alignment_files_never_change BEFORE UPDATE ON alignment_file
BEGIN SELECT RAISE(ABORT, 'a stored alignment never changes'); END;

CREATE TRIGGER only_pairs_are_aligned BEFORE INSERT ON alignment
  WHEN NOT EXISTS (SELECT 1 FROM shot
    WHERE shot_id = NEW.shot_id AND outcome = 'paired' AND purpose = 'pair')
BEGIN SELECT RAISE(ABORT, 'only a committed pair can be aligned'); END;
`;
