# SPDX-License-Identifier: Apache-2.0
"""Pure functions that read Thai as citizens type it; importing this package loads nothing heavy.

PyThaiNLP must never look for corpora on the network or write below the home directory: both are
switched off here, before any module of this package can import it.
"""

import os

os.environ.setdefault("PYTHAINLP_OFFLINE", "1")
os.environ.setdefault("PYTHAINLP_READ_ONLY", "1")
