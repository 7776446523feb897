/**
 * Changes of database version 2: calibrations. The table `object` is made anew, because SQLite cannot widen
 * its list of extensions; the steps run with foreign keys off and are checked before they are committed.
 */
export const schemaVersion2 = `
CREATE TABLE object_2 (
  sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64 AND sha256 NOT GLOB '*[^0-9a-f]*'),
  bytes INTEGER NOT NULL CHECK (bytes > 0),
  -- '.tif': a frame. '.json': the record of a calibration.
  extension TEXT NOT NULL CHECK (extension IN ('.tif', '.json')),
  first_seen_at TEXT NOT NULL
) STRICT;
INSERT INTO object_2 (sha256, bytes, extension, first_seen_at)
  SELECT sha256, bytes, extension, first_seen_at FROM object;
DROP TABLE object;
ALTER TABLE object_2 RENAME TO object;

-- What is looked up of a calibration; the rest is in its object.
CREATE TABLE calibration (
  calibration_number INTEGER PRIMARY KEY,
  calibration_id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('sync', 'camera', 'pair', 'color', 'light')),
  created_at TEXT NOT NULL,
  expires_at TEXT,
  -- NULL together: only files were calibrated.
  rig_name TEXT,
  near_serial TEXT,
  far_serial TEXT,
  verdict TEXT NOT NULL CHECK (verdict IN ('PASS', 'WARN', 'FAIL')),
  sha256 TEXT NOT NULL REFERENCES object (sha256),
  CHECK ((rig_name IS NULL) = (near_serial IS NULL) AND (rig_name IS NULL) = (far_serial IS NULL))
) STRICT;
CREATE INDEX calibration_of_cameras ON calibration (near_serial, far_serial, kind, created_at);
CREATE INDEX calibration_of_object ON calibration (sha256);

CREATE TRIGGER calibrations_never_change BEFORE UPDATE ON calibration
BEGIN SELECT RAISE(ABORT, 'a stored calibration never changes'); END;

-- The calibrations in force when a session started.
CREATE TABLE session_calibration (
  session_id TEXT NOT NULL REFERENCES session (session_id),
  position INTEGER NOT NULL CHECK (position >= 0),
  calibration_id TEXT NOT NULL REFERENCES calibration (calibration_id),
  PRIMARY KEY (session_id, position),
  UNIQUE (session_id, calibration_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX session_of_calibration ON session_calibration (calibration_id);
`;
