/// The tables of a registry file. One is the log; all others are a replay of it.
package struct Schema: Sendable {
  /// `PRAGMA user_version`.
  package let version: Int
  /// Statements that make the tables of the replay, in order; each makes one object.
  package let replay: [String]

  package init(version: Int, replay: [String]) {
    self.version = version
    self.replay = replay
  }

  /// `PRAGMA application_id`: "pdff".
  static let applicationID = 0x7064_6666

  /// The log. It stays as it is in every version.
  static let log = [
    """
    CREATE TABLE entry (
      number INTEGER PRIMARY KEY CHECK (number > 0), at TEXT NOT NULL, user TEXT NOT NULL,
      role TEXT NOT NULL, action TEXT NOT NULL, participant TEXT, before TEXT, after TEXT,
      reason TEXT, previous TEXT NOT NULL, hash TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE INDEX entry_of_participant ON entry (participant, number)
      WHERE participant IS NOT NULL
    """,
    """
    CREATE TRIGGER entry_never_changes BEFORE UPDATE ON entry
      BEGIN SELECT RAISE (ABORT, 'the log is append-only'); END
    """,
    """
    CREATE TRIGGER entry_never_goes BEFORE DELETE ON entry
      BEGIN SELECT RAISE (ABORT, 'the log is append-only'); END
    """,
  ]

  /// What this program writes. Days are numbers of days since 1970-01-01, so that they sort.
  package static let current = Schema(
    version: 1,
    replay: [
      """
      CREATE TABLE study (
        one INTEGER PRIMARY KEY CHECK (one = 1), settings TEXT NOT NULL,
        unblinded INTEGER NOT NULL, entry INTEGER NOT NULL REFERENCES entry (number)
      ) STRICT
      """,
      """
      CREATE TABLE account (
        name TEXT PRIMARY KEY, role TEXT NOT NULL, active INTEGER NOT NULL,
        credential TEXT NOT NULL, entry INTEGER NOT NULL REFERENCES entry (number)
      ) STRICT, WITHOUT ROWID
      """,
      """
      CREATE TABLE participant (
        id TEXT PRIMARY KEY, site TEXT NOT NULL, enrolled_on TEXT NOT NULL,
        entry INTEGER NOT NULL REFERENCES entry (number), amended INTEGER,
        called INTEGER NOT NULL, tissue TEXT NOT NULL
      ) STRICT, WITHOUT ROWID
      """,
      """
      CREATE TABLE record (
        entry INTEGER PRIMARY KEY REFERENCES entry (number),
        participant TEXT NOT NULL REFERENCES participant (id), kind TEXT NOT NULL,
        content TEXT NOT NULL, amended INTEGER, superseded INTEGER, voided INTEGER
      ) STRICT
      """,
      "CREATE INDEX record_of_participant ON record (participant, entry)",
      """
      CREATE TABLE phase (
        participant TEXT NOT NULL REFERENCES participant (id), from_day INTEGER NOT NULL,
        to_day INTEGER NOT NULL, urgency_group INTEGER NOT NULL, gravity INTEGER NOT NULL,
        by_day INTEGER NOT NULL, state TEXT NOT NULL, consequence TEXT NOT NULL,
        PRIMARY KEY (participant, from_day)
      ) STRICT, WITHOUT ROWID
      """,
      """
      CREATE INDEX phase_in_order
        ON phase (urgency_group, gravity, by_day, participant, from_day, to_day, state, consequence)
      """,
    ])

  /// Tables of the replay in the order in which they may be emptied.
  static func tables(of statements: [String]) -> [String] {
    statements.compactMap { statement in
      let words = statement.split(whereSeparator: \.isWhitespace)
      return words.count > 2 && words[0] == "CREATE" && words[1] == "TABLE" ? String(words[2]) : nil
    }
  }
}
