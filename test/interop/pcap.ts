// A capture file of Ethernet frames as tcpdump reads it (draft-ietf-opsawg-pcap): the file header,
// then each frame after its record header.

/** Frames at whole seconds 0, 1, 2 ...: their order is all that tests look at. */
export function pcapOf(frames: readonly Uint8Array[]): Uint8Array {
  const parts = [pcapHeader(), ...frames.flatMap((frame, i) => [recordHeader(i, frame), frame])];
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let place = 0;
  for (const part of parts) {
    bytes.set(part, place);
    place += part.length;
  }
  return bytes;
}

function pcapHeader(): Uint8Array {
  const view = new DataView(new ArrayBuffer(24));
  view.setUint32(0, 0xa1b2c3d4);
  view.setUint16(4, 2);
  view.setUint16(6, 4);
  view.setUint32(16, 65_535);
  const ethernet = 1;
  view.setUint32(20, ethernet);
  return new Uint8Array(view.buffer);
}

function recordHeader(second: number, frame: Uint8Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(16));
  view.setUint32(0, second);
  view.setUint32(8, frame.length);
  view.setUint32(12, frame.length);
  return new Uint8Array(view.buffer);
}
