# SPDX-License-Identifier: MIT
"""The host command: one module per command, and what they share. cli.py is the way in."""
