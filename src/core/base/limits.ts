// Every bound of the product in one place: what may grow because of the network, the operator or the
// kernel has its limit here, with the reason for its size.

export const limits = {
  /** Packets taken from one socket in one wake-up; the rest wait in the socket buffer. */
  packetsPerWakeUp: 64,
  /** Senders whose newest advert of one VRID waits for the next wake-up (rule B27). */
  pendingAdvertsPerVrid: 4,
  /** Longest packet that is looked at. VRRP over IPv4 needs at most 20 + 24 + 8 + 255 x 4 + 8 + 28. */
  packetLengthMax: 2048,
  /** Gratuitous ARPs waiting to be sent on one interface: 5,000 addresses x 5 repeats must fit. */
  announceQueueMax: 32_768,
  /** Events kept for one `status` answer. */
  eventHistoryMax: 256,
  /** Kinds of log lines whose rate is watched at once; the longest unused one is forgotten. */
  logKindsWatched: 1024,
  /** Lines of one kind within `logWindow` before the rest is only counted. */
  logBurst: 10,
  /** Length of that window, µs. */
  logWindow: 10_000_000,
  /** A control answer that `status` is willing to read, bytes. */
  controlAnswerMax: 16 * 1024 * 1024,
  /** Characters of a configuration line; keepalived ignores longer ones, too. */
  configLineLengthMax: 1024,
  /** Lines of a configuration after includes and repetitions: 20,000 instances fit. */
  configLinesMax: 200_000,
  /** Their characters in all; every word of them costs some hundred bytes of memory. */
  configTextMax: 4 * 1024 * 1024,
  /** Files read for one configuration; links that lead back make new names without end. */
  configFilesMax: 10_000,
  /** Files that include each other, and repetitions within repetitions. */
  configIncludeDepthMax: 32,
  /** Blocks in blocks; keepalived's own language needs seven. */
  configNestingMax: 32,
  /** Alternatives of one `include {a,b}`; nobody writes more by hand. */
  configAlternativesMax: 256,
  /** Values of one `~SEQ` or `~LST`. */
  configRepetitionMax: 65_536,
  /** Characters that one definition may stand for; more comes from names that multiply each other. */
  configExpansionMax: 65_536,
  /** Diagnostics of one configuration; with more, it is something else than a configuration. */
  configDiagnosticsMax: 1000,
  /** Weights of one instance that a review combines; sums of more would take long. */
  reviewTrackedMax: 24,
  /** Combinations of failures that a table shows. */
  reviewTableRowsMax: 32,
  /** Diagnostics about a group of files. */
  reviewDiagnosticsMax: 1000,
  /** Adverts that a rehearsal of a fail-over may take; more would keep people waiting. */
  reviewRehearsalAdvertsMax: 20_000,
  /** Ids of `@id` lines that an editor's question looks at; each means reading everything again. */
  languageIdsMax: 16,
  /** Reports of the engine thread that wait for a stuck control thread; further news are dropped. */
  reportBacklogMax: 8192,
} as const;
