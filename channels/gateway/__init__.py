# SPDX-License-Identifier: Apache-2.0
"""The gateway: the public door, the worker that answers conversations one turn at a time, and the internal HTTP."""
