// Bytes as the tables of RFCs and packet dumps write them, and buffers that show what a codec
// forgot to write.

/** `21 33 64` as bytes; spaces and line ends do not matter. */
export function hex(text: string): Uint8Array {
  const digits = text.replace(/\s+/g, "");
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) =>
    Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16),
  );
}

export const hexText = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");

/** A buffer full of 0xa5: a byte that an encoder leaves out stays visible. */
export const dirty = (length = 2048): Uint8Array => new Uint8Array(length).fill(0xa5);
