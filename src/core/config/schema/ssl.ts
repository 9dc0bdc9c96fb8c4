// The keywords of `SSL { }`: how SSL_GET shows who it is.

import { later } from "./later.ts";
import { text } from "./row.ts";
import type { BlockSpec } from "./spec.ts";

export const sslKeywords = {
  password: later(text, "Password of the key file.", { emptyIgnored: "SSL password missing" }),
  ca: later(text, "File with the certificates of authorities.", {
    emptyIgnored: "SSL cafile missing",
  }),
  certificate: later(text, "File with the own certificate.", {
    emptyIgnored: "SSL certfile missing",
  }),
  key: later(text, "File with the own key.", { emptyIgnored: "SSL keyfile missing" }),
} as const;

export const ssl: BlockSpec = {
  name: "SSL",
  doc: "The certificate that checks over TLS show. Servers' certificates are not verified.",
  keywords: sslKeywords,
};
