//! Single requests, redacted.
