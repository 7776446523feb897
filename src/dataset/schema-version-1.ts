/**
 * Tables of database version 1. A migration never changes once it is released, so nothing here
 * is computed from the current records.
 *
 * The rules that make a half pair impossible are the database's own: a shot's result columns are
 * set by one UPDATE, after its frames, and a trigger refuses a pair without exactly one paired
 * frame of each arm, and any change of a committed shot.
 */
export const schemaVersion1 = `
CREATE TABLE meta (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  -- How much of journal.jsonl is in this database.
  journal_lines INTEGER NOT NULL CHECK (journal_lines >= 0),
  journal_bytes INTEGER NOT NULL CHECK (journal_bytes >= 0)
) STRICT;
INSERT INTO meta VALUES (1, 0, 0);

CREATE TABLE subject (
  subject_id TEXT PRIMARY KEY CHECK (length(subject_id) BETWEEN 1 AND 64),
  -- The latest one; each session keeps its own.
  consent_ref TEXT,
  first_seen_at TEXT NOT NULL
) STRICT;

CREATE TABLE session (
  session_number INTEGER PRIMARY KEY,
  session_id TEXT NOT NULL UNIQUE,
  subject_id TEXT NOT NULL REFERENCES subject (subject_id),
  -- What the subject had consented to when the session started.
  consent_ref TEXT,
  started_at TEXT NOT NULL,
  ended_at TEXT,
  rig_name TEXT NOT NULL,
  rig_config TEXT NOT NULL CHECK (json_valid(rig_config)),
  plan TEXT NOT NULL CHECK (json_valid(plan)),
  devices TEXT NOT NULL CHECK (json_valid(devices)),
  software_version TEXT NOT NULL
) STRICT;
CREATE INDEX session_of_subject ON session (subject_id);

CREATE TABLE object (
  sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64 AND sha256 NOT GLOB '*[^0-9a-f]*'),
  bytes INTEGER NOT NULL CHECK (bytes > 0),
  extension TEXT NOT NULL CHECK (extension IN ('.tif')),
  first_seen_at TEXT NOT NULL
) STRICT;

-- AUTOINCREMENT: a shot id is never given out twice, also when rows are removed.
CREATE TABLE shot (
  shot_id INTEGER PRIMARY KEY AUTOINCREMENT,
  session_id TEXT NOT NULL REFERENCES session (session_id),
  opened_at TEXT NOT NULL,
  -- A sync shot is a dry trigger; its frames are strays.
  purpose TEXT NOT NULL CHECK (purpose IN ('pair', 'sync')),
  plan_index INTEGER,
  distance_mm REAL NOT NULL,
  expression TEXT NOT NULL,
  pose TEXT NOT NULL,
  repeat INTEGER NOT NULL,
  retake_of INTEGER REFERENCES shot (shot_id),
  -- From here on NULL until the shot is committed.
  committed_at TEXT,
  sidecar_sha256 TEXT CHECK (length(sidecar_sha256) = 64),
  captured_at TEXT,
  boot_id TEXT,
  trigger_number INTEGER,
  near_edge_tick INTEGER,
  far_edge_tick INTEGER,
  near_exposure_start_tick INTEGER,
  far_exposure_start_tick INTEGER,
  near_exposure_end_tick INTEGER,
  far_exposure_end_tick INTEGER,
  strobe_tick INTEGER,
  host_time_ns INTEGER,
  clock_residual_us REAL,
  skew_us REAL,
  skew_kind TEXT CHECK (skew_kind IN ('measured', 'assumed', 'unknown')),
  outcome TEXT CHECK (outcome IN ('paired', 'near-missing', 'far-missing', 'both-missing', 'not-fired', 'unknown')),
  verdict TEXT CHECK (verdict IN ('KEEP', 'WARN', 'RETAKE', 'BROKEN')),
  reasons TEXT CHECK (json_type(reasons) = 'array'),
  CHECK ((committed_at IS NULL) = (outcome IS NULL)),
  CHECK ((committed_at IS NULL) = (sidecar_sha256 IS NULL)),
  CHECK ((committed_at IS NULL) = (captured_at IS NULL)),
  CHECK ((committed_at IS NULL) = (skew_kind IS NULL)),
  CHECK ((committed_at IS NULL) = (verdict IS NULL)),
  CHECK ((committed_at IS NULL) = (reasons IS NULL))
) STRICT;
CREATE INDEX shot_of_session ON shot (session_id, shot_id);
CREATE INDEX shot_retake_of ON shot (retake_of) WHERE retake_of IS NOT NULL;

CREATE TABLE frame (
  shot_id INTEGER NOT NULL REFERENCES shot (shot_id),
  position INTEGER NOT NULL CHECK (position >= 0),
  arm TEXT NOT NULL CHECK (arm IN ('near', 'far')),
  outcome TEXT NOT NULL CHECK (outcome IN ('paired', 'one-sided', 'extra', 'late', 'incomplete')),
  object_sha256 TEXT NOT NULL REFERENCES object (sha256),
  camera_serial TEXT NOT NULL,
  frame_id INTEGER NOT NULL,
  device_time_ns INTEGER NOT NULL,
  host_time_ns INTEGER NOT NULL,
  status TEXT NOT NULL,
  pixel_format TEXT NOT NULL,
  width_px INTEGER NOT NULL CHECK (width_px > 0),
  height_px INTEGER NOT NULL CHECK (height_px > 0),
  bit_depth INTEGER NOT NULL CHECK (bit_depth BETWEEN 1 AND 16),
  black_level INTEGER NOT NULL,
  white_level INTEGER NOT NULL,
  mount_rotation_deg INTEGER NOT NULL CHECK (mount_rotation_deg IN (0, 90, 180, 270)),
  mount_mirrored INTEGER NOT NULL CHECK (mount_mirrored IN (0, 1)),
  exposure_us REAL NOT NULL,
  gain_db REAL NOT NULL,
  mean_share REAL,
  clipped_share REAL,
  sharpness REAL,
  PRIMARY KEY (shot_id, position),
  CHECK ((mean_share IS NULL) = (clipped_share IS NULL) AND (mean_share IS NULL) = (sharpness IS NULL))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX one_paired_frame_per_arm ON frame (shot_id, arm) WHERE outcome = 'paired';
CREATE INDEX frame_of_object ON frame (object_sha256);

CREATE TABLE stray_frame (
  stray_id INTEGER PRIMARY KEY,
  session_id TEXT NOT NULL REFERENCES session (session_id),
  arm TEXT NOT NULL CHECK (arm IN ('near', 'far')),
  outcome TEXT NOT NULL CHECK (outcome IN ('paired', 'one-sided', 'extra', 'late', 'incomplete')),
  frame_id INTEGER NOT NULL,
  device_time_ns INTEGER NOT NULL,
  host_time_ns INTEGER NOT NULL,
  shot_id INTEGER REFERENCES shot (shot_id)
) STRICT;
CREATE INDEX stray_of_session ON stray_frame (session_id);
CREATE INDEX stray_of_shot ON stray_frame (shot_id) WHERE shot_id IS NOT NULL;

CREATE TABLE review (
  review_id INTEGER PRIMARY KEY,
  shot_id INTEGER NOT NULL REFERENCES shot (shot_id),
  kind TEXT NOT NULL CHECK (kind IN ('rejected', 'note')),
  text TEXT,
  reviewed_at TEXT NOT NULL
) STRICT;
CREATE INDEX review_of_shot ON review (shot_id);

-- Objects that an unfinished audit has read, so that the next one goes on there. Scratch: it is
-- not rebuilt.
CREATE TABLE audit_progress (
  sha256 TEXT PRIMARY KEY REFERENCES object (sha256),
  checked_at TEXT NOT NULL,
  finding TEXT CHECK (finding IN ('object-missing', 'object-corrupt'))
) STRICT;

CREATE TRIGGER committed_shots_never_change BEFORE UPDATE ON shot WHEN OLD.committed_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a committed shot never changes'); END;

CREATE TRIGGER half_pairs_are_impossible BEFORE UPDATE ON shot WHEN NEW.committed_at IS NOT NULL
  AND (SELECT count(*) FROM frame WHERE shot_id = NEW.shot_id AND outcome = 'paired')
    <> iif(NEW.outcome = 'paired' AND NEW.purpose = 'pair', 2, 0)
BEGIN SELECT RAISE(ABORT, 'a pair needs exactly one paired frame of each arm'); END;

CREATE TRIGGER sync_shots_keep_no_frames BEFORE INSERT ON frame
  WHEN (SELECT purpose FROM shot WHERE shot_id = NEW.shot_id) = 'sync'
BEGIN SELECT RAISE(ABORT, 'a sync shot keeps no frames'); END;

CREATE TRIGGER frames_of_committed_shots_are_fixed BEFORE INSERT ON frame
  WHEN (SELECT committed_at FROM shot WHERE shot_id = NEW.shot_id) IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a committed shot never changes'); END;

CREATE TRIGGER frames_never_change BEFORE UPDATE ON frame
BEGIN SELECT RAISE(ABORT, 'a stored frame never changes'); END;
`;
