"""Data frames of pandas in results: how they travel, and what a class in Python gets."""

import os
import textwrap

from polyphase.values import decode, encode

from .hosts import HostTestCase, ended, parameters, space

#: As much of pandas as is needed, so that this holds on machines without it.
STAND_IN = """
    class Series:
        def __init__(self, data, index, dtype=None):
            if dtype == "odd": raise TypeError("data type 'odd' not understood")
            if dtype == "double[pyarrow]": raise ImportError("pyarrow is required")
            if dtype == "int8": raise OverflowError("the elements cannot all be cast")
            self.data, self.dtype = list(data), dtype

    class DataFrame:
        def __init__(self, series, index):
            self.series, self.index = series, Index(index)

    class Index(list):
        names = None
"""

TUNER = """
    from nni.tuner import Tuner

    def told(frame):
        if not hasattr(frame, "series"): return frame
        columns = zip(frame.columns, frame.series.values())
        return [frame.index, frame.index.names, [[name, column.data, column.dtype] for name, column in columns]]

    class Mine(Tuner):
        def __init__(self): self.heard = []
        def update_search_space(self, space): pass
        def generate_parameters(self, parameter_id, **kwargs): return self.heard
        def receive_trial_result(self, parameter_id, parameters, value, **kwargs):
            self.heard.append([value["default"], [told(frame) for frame in value["frames"]]])
        def import_data(self, data):
            for row in data: self.receive_trial_result(None, row["parameter"], row["value"])
"""

ASSESSOR = """
    from nni.assessor import Assessor

    class Mine(Assessor):
        def assess_trial(self, trial_job_id, trial_history): return hasattr(trial_history[-1], "series")
"""

FRAME = {"$frame": {"columns": ["a", "b"], "types": ["int64", "odd"], "index": [1, 0]}}
FRAME["$frame"].update(names=["row"], data=[[1, 2], ["x", None]])
LIKE_ONE = [{"$frame": {"columns": ["a"]}}, {**FRAME, "more": 1}]


class Frame:
    """As a data frame looks to the client: three rows, whose labels are 2, 1 and 0, and two columns."""

    columns = ["a", 7]

    class index(list):
        names = [None]

    index = index([2, 1, 0])
    dtypes = ["int64", "float64"]

    class iloc:
        def __class_getitem__(cls, place):
            return [[1, 2, 3], [0.5, float("nan"), 1]][place[1]]


class DataFrames(HostTestCase):
    def host(self, role, source, with_pandas=True):
        folder = self.folder()
        if with_pandas:
            with open(os.path.join(folder, "pandas.py"), "w", encoding="utf-8") as file:
                file.write(textwrap.dedent(STAND_IN))
        return self.ready(role, source, "Mine", folder=folder)

    def test_travel_by_columns(self):
        travelled = {"columns": ["a", 7], "types": ["int64", "float64"], "index": [2, 1, 0]}
        travelled.update(names=[None], data=[[1, 2, 3]])
        told = decode(encode({"importance": Frame()}))["importance"]["$frame"]
        self.assertEqual(str(told["data"].pop(1)), "[0.5, nan, 1]")
        self.assertEqual(told, travelled)

    def hears(self, host):
        host.tell(space(), ended(0, "jobaa", value={"default": 0.5, "frames": [FRAME, *LIKE_ONE]}))
        host.tell(dict(kind="import", rows=[dict(parameters=1, value={"default": 0.25, "frames": [FRAME]})]))
        return host.ask((1, "jobaa", 1))

    def test_are_made_again_for_a_tuner(self):
        frame = [[1, 0], ["row"], [["a", [1, 2], "int64"], ["b", ["x", None], None]]]
        self.assertEqual(self.hears(self.host("tuner", TUNER)), [parameters([[0.5, [frame, *LIKE_ONE]], [0.25, [frame]]])])

    def test_columns_of_types_that_cannot_be_made_here_are_plain(self):
        host = self.host("tuner", TUNER)
        for type in ("double[pyarrow]", "int8"):
            frame = {"$frame": {"columns": ["a"], "types": [type], "index": [0], "names": [None], "data": [[300]]}}
            host.tell(ended(0, "jobaa", value={"default": 0.5, "frames": [frame]}))
        made = [0.5, [[[0], [None], [["a", [300], None]]]]]
        self.assertEqual(host.ask((1, "jobaa", 1)), [parameters([made, made])])

    def test_stay_what_travelled_where_there_is_no_pandas(self):
        host = self.host("tuner", TUNER, with_pandas=False)
        self.assertEqual(self.hears(host), [parameters([[0.5, [FRAME, *LIKE_ONE]], [0.25, [FRAME]]])])

    def test_are_made_again_for_an_assessor(self):
        host = self.host("assessor", ASSESSOR)
        host.say(kind="assess", id=1, trialJobId="jobaa", parameterId=0, sequence=0, value=FRAME)
        self.assertIs(host.hear("verdict")["good"], True)
