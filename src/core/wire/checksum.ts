// The Internet checksum (RFC 1071): the one's complement of the one's complement sum of 16-bit
// words. Bytes in, a 16-bit number out; an odd last byte counts as the high half of a word.

/**
 * The checksum of `bytes`, folded and complemented: what a header's checksum field carries when
 * that field counted as zero. `initial` is a partial sum, as of a pseudo header.
 */
export function internetChecksum(bytes: Uint8Array, initial = 0): number {
  return ~foldedSum(bytes, initial) & 0xffff;
}

/**
 * The same sum without the complement, folded to 16 bits, for one more part to be added. Every part
 * but the last has an even length.
 */
export function foldedSum(bytes: Uint8Array, initial = 0): number {
  const even = bytes.length & ~1;
  let sum = initial;
  for (let i = 0; i < even; i += 2) {
    sum += ((bytes[i] as number) << 8) | (bytes[i + 1] as number);
    // Folding early keeps the sum far below 2^53 whatever the length.
    if (sum > 0xffff_ffff) sum = fold(sum);
  }
  if (even < bytes.length) sum += (bytes[even] as number) << 8;
  return fold(sum);
}

function fold(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded % 0x10000) + Math.floor(folded / 0x10000);
  return folded;
}
