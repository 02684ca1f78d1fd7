"""Not part of this package: importing it says so, and what to use instead."""

raise ImportError(
    "nni.platform: trials talk to the manager by themselves here; one without a manager prints what it reports, and a "
    "test can take that from its output"
)
