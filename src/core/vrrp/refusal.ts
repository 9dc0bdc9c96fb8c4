// A dropped packet's reason with its particulars. The kinds are the rows of `refusals`; the numbers
// are what an operator needs to see the cause.

import type { RefusalKind } from "./vocabulary.ts";

export type Refusal = {
  readonly kind: RefusalKind;
  /** What the packet had, where a number or word tells more than the kind. */
  readonly received?: string | number;
  /** What it should have had. */
  readonly expected?: string | number;
  /** The packet's VRRP version, where it matters to the reader (bad-checksum). */
  readonly version?: 2 | 3;
};
