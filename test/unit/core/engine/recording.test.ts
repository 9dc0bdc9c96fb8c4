// Recordings: what was written reads back the same, what is no recording is refused, and a replay
// finds the first difference.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ip } from "../../../../src/core/base/ip.ts";
import { instant, seconds } from "../../../../src/core/base/time.ts";
import {
  decodeHeader,
  decodeRecord,
  encodeRecord,
  recordingHeader,
} from "../../../../src/core/engine/recording.ts";
import { replay } from "../../../../src/core/engine/replay.ts";
import { Lab } from "./lab.ts";
import { instanceModel, nodeModel, virtual } from "./models.ts";

/** Two routers, a fault, a theft, a reload and a stop. */
function eventfulLife(): readonly string[] {
  const lab = new Lab();
  const a = lab.node("10.0.0.1");
  const b = lab.node("10.0.0.2");
  a.start(nodeModel([instanceModel({ priority: 150 })]));
  b.start(nodeModel([instanceModel({ version: 2 })]));
  lab.advance(seconds(6));
  a.kernel.removeAsSomebodyElse(ip("192.0.2.1"));
  a.kernelEvents();
  lab.advance(seconds(6));
  a.kernel.setLinkUp("eth0", false);
  a.kernelEvents();
  lab.advance(seconds(6));
  a.kernel.setLinkUp("eth0", true);
  a.kernelEvents();
  a.receive(new Uint8Array(3));
  lab.advance(seconds(6));
  const addresses = [virtual("192.0.2.1/24"), virtual("192.0.2.2/24")];
  a.feed({ kind: "configure", model: nodeModel([instanceModel({ priority: 150, addresses })]) });
  lab.advance(seconds(6));
  a.feed({ kind: "shutdown" });
  return a.recording;
}

test("a recorded life replays to the same effects", () => {
  const lines = eventfulLife();
  const verdict = replay(lines);
  const inputs = lines.filter((line) => /"(input|timeout)":/.test(line)).length;
  assert.ok(verdict.kind === "same", JSON.stringify(verdict));
  assert.equal(verdict.inputs, inputs);
  assert.ok(verdict.effects > 0);
});

test("a changed effect, a missing one and an invented one are found where they are", () => {
  const lines = eventfulLife();
  const place = lines.findIndex(
    (line) => line.includes('"effects"') && line.includes("send-packet"),
  );
  const line = lines[place] ?? "";
  const changed = lines.with(place, line.replace('"to":"224.0.0.18"', '"to":"224.0.0.19"'));
  const verdict = replay(changed);
  assert.ok(verdict.kind === "different", JSON.stringify(verdict));
  assert.deepEqual([verdict.line, verdict.path], [place + 1, ".to"]);
  assert.equal(replay(lines.toSpliced(place, 1)).kind, "different");
  assert.equal(replay([...lines, line]).kind, "different");
});

test("lines that are no records say so, with their number", () => {
  assert.deepEqual(replay([]), { kind: "unreadable", line: 1, problem: "an empty recording" });
  assert.equal(replay(["{}"]).kind, "unreadable");
  assert.equal(replay(['{"understudyRecording":99}']).kind, "unreadable");
  const verdict = replay([recordingHeader(), "", "{"]);
  assert.deepEqual(verdict, { kind: "unreadable", line: 3, problem: "not JSON" });
  assert.ok(decodeHeader(recordingHeader()).ok);
});

test("an engine that breaks again is a verdict, not a crash", () => {
  const model = nodeModel([instanceModel({ priority: 0 })]);
  const line = encodeRecord({ at: instant(5), input: { kind: "configure", model } });
  assert.deepEqual(replay([recordingHeader(), line]), {
    kind: "broken",
    line: 2,
    problem: "invariant broken: VI_1: priority is 1 to 255",
  });
});

test("records read back as they were written, bytes included", () => {
  const packets = [Uint8Array.of(0, 1, 254, 255), new Uint8Array(0)];
  const record = {
    at: instant(12),
    input: { kind: "packets-received" as const, socket: 3, packets },
  };
  const line = encodeRecord(record);
  assert.equal(
    line,
    '{"at":12,"input":{"kind":"packets-received","socket":3,"packets":[{"hex":"0001feff"},{"hex":""}]}}',
  );
  assert.deepEqual(decodeRecord(line), { ok: true, value: record });
});

test("an input without what it needs is refused", () => {
  for (const input of [
    "shutdown",
    { kind: "packets-received", socket: 1, packets: ["00"] },
    { kind: "configure", model: {} },
    { kind: "constructor" },
    { kind: "link-removed" },
  ]) {
    assert.equal(decodeRecord(JSON.stringify({ at: 1, input })).ok, false);
  }
});

test("decodeRecord and replay never throw, whatever the lines hold", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
      decodeRecord(line);
      decodeHeader(line);
      replay([recordingHeader(), line]);
    }),
    { numRuns: 300 },
  );
});
