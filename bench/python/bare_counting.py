"""Pairs of bare round trips as fast as they go, for so many seconds. Prints how many."""

import sys
import time

from bare import BareRoundTrips

bare = BareRoundTrips({"x%d" % i: 0.123456789012345 for i in range(int(sys.argv[2]))})
end = time.monotonic() + float(sys.argv[1])
pairs = 0
while time.monotonic() < end:
    bare.one_pair(pairs)
    pairs += 1
print(pairs)
