// Offsets of a text to lines and characters as the Language Server Protocol counts them (both from 0,
// characters in UTF-16 units, and a lone carriage return ends a line, too), and back.

/** As the protocol has it. */
export type LinePosition = { readonly line: number; readonly character: number };

export class LinePositions {
  private readonly starts: readonly number[];
  private readonly text: string;

  constructor(text: string) {
    const starts = [0];
    for (const match of text.matchAll(/\r\n|\n|\r/g)) starts.push(match.index + match[0].length);
    this.starts = starts;
    this.text = text;
  }

  /** Offsets outside the text mean its nearest end. */
  positionOf(offset: number): LinePosition {
    const inside = Math.max(0, Math.min(offset, this.text.length));
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= inside) low = middle;
      else high = middle - 1;
    }
    return { line: low, character: inside - (this.starts[low] ?? 0) };
  }

  /** A character beyond the line's end means that end, a line beyond the last the text's end. */
  offsetOf({ line, character }: LinePosition): number {
    const start = this.starts[line];
    if (start === undefined) return line < 0 ? 0 : this.text.length;
    let end = this.starts[line + 1] ?? this.text.length;
    while (end > start && /[\r\n]/.test(this.text[end - 1] ?? "")) end--;
    return Math.max(start, Math.min(end, start + character));
  }
}
