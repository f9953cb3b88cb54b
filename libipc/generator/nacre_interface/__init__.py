# SPDX-License-Identifier: MIT
"""Reads interface files and writes C and documentation from them.

model.py says what an interface is, parser.py reads one, the other modules each write one kind of
file.
"""
