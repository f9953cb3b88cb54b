# SPDX-License-Identifier: MIT
"""The groups of tests behind ./nacre test, and what they share: results.py, tap.py."""
