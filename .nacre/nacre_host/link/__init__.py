# SPDX-License-Identifier: MIT
"""The host's side of the host link (docs/host-link.md): cobs, frame, messages, session, client."""
