"""Data frames of the real pandas, to and fro. Not among the other tests, since pandas is needed: scripts/test-with-libraries.mjs."""

import unittest

import pandas
from polyphase.host.frames import with_frames
from polyphase.values import decode, encode


class WithPandas(unittest.TestCase):
    def test_are_the_same_again(self):
        for frame in (
            pandas.DataFrame({"feature": ["x", "y"], "score": [0.5, None]}).sort_values("score"),
            pandas.DataFrame([[1, 2.5], [3, 4]], columns=["same", "same"]),
            pandas.DataFrame({"index": [1], 3: [True]}, index=["row"]),
            pandas.DataFrame({"k": [1, 2, 2], "v": [1, 2, 3]}).groupby("k").agg(["sum", "mean"]),
            pandas.DataFrame({"kind": pandas.Categorical(["a", "b"])}),
            pandas.DataFrame({"none": []}),
        ):
            with self.subTest(frame):
                again = with_frames(decode(encode([frame])))[0]
                pandas.testing.assert_frame_equal(again, frame, check_index_type=False, check_column_type=False)
