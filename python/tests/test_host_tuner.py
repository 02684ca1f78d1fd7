"""A custom tuner, through the pipes of a host."""

import math

from .hosts import NO_MORE, OWED, WAIT, HostTestCase, ended, parameters, replay, space

#: Every call, with its arguments, in the parameters that are asked for last.
RECORDER = """
    import nni
    from nni.tuner import Tuner

    class Recorder(Tuner):
        def __init__(self):
            self.heard = []

        def hear(self, *what):
            self.heard.append(list(what))

        def update_search_space(self, search_space):
            self.hear("space", search_space)

        def generate_parameters(self, parameter_id, **kwargs):
            kwargs.pop("st_callback", None)
            self.hear("generate", parameter_id, kwargs)
            return {"n": parameter_id, "heard": self.heard[:-1]} if parameter_id == 99 else {"n": parameter_id}

        def receive_trial_result(self, parameter_id, parameters, value, **kwargs):
            self.hear("result", parameter_id, parameters, value, kwargs)

        def trial_end(self, parameter_id, success, **kwargs):
            self.hear("end", parameter_id, success, kwargs)

        def import_data(self, data):
            self.hear("import", data)
"""

#: Answers the first request at once, and the others when it gets a result.
LATER = """
    import nni
    from nni.tuner import Tuner

    class Later(Tuner):
        def __init__(self): self.open, self.calls = [], 0
        def update_search_space(self, space): pass
        def generate_parameters(self, parameter_id, **kwargs): return "phase %d" % parameter_id
        def generate_multiple_parameters(self, ids, st_callback=None, **kwargs):
            self.calls += 1
            if ids == [0]: return ["at once"]
            self.callback = st_callback
            if ids == [3]:
                st_callback(3, "within the call")
                return []
            self.open += ids
            return []
        def receive_trial_result(self, parameter_id, parameters, value, **named):
            for id in self.open: self.callback(id, ["late", self.calls, parameters])
            self.callback(77, "nobody")
            self.open = []
"""


class Tuners(HostTestCase):
    def heard(self, host):
        """What a Recorder heard."""
        return host.ask((99, "zzzzz"))[0]["parameters"]["heard"]

    def test_hears_of_everything_and_of_the_trial_job_in_all_five_methods(self):
        host = self.ready(
            "tuner",
            RECORDER + """
        def generate_multiple_parameters(self, parameter_id_list, **kwargs):
            self.hear("generate-multiple", parameter_id_list, kwargs["trial_job_id"], callable(kwargs["st_callback"]))
            return super().generate_multiple_parameters(parameter_id_list, **kwargs)

        def receive_customized_trial_result(self, parameter_id, parameters, value, **kwargs):
            self.hear("customized", parameter_id, parameters, value, kwargs)
        """,
            "Recorder",
        )
        host.tell(space(x=1))
        self.assertEqual(host.ask((0, "jobaa"), (1, "jobbb")), [parameters({"n": 0}), parameters({"n": 1})])
        host.tell(ended(0, "jobaa", 0.5))
        self.assertEqual(host.ask((2, "jobaa", 1)), [parameters({"n": 2})])
        host.tell(ended(7, "jobbb", 3, customized=True, parameters={"by": "hand"}))
        host.tell(ended(1, "jobbb"), ended(2, "jobaa", outcome="stopped"))
        host.tell(dict(kind="import", rows=[dict(parameters={"x": 2}, value=4)]))
        a, b = {"trial_job_id": "jobaa"}, {"trial_job_id": "jobbb"}
        self.assertEqual(
            self.heard(host)[:-1],
            [
                ["space", {"x": 1}],
                ["generate-multiple", [0], "jobaa", True],
                ["generate", 0, a],
                ["generate-multiple", [1], "jobbb", True],
                ["generate", 1, b],
                ["result", 0, {"n": 0}, 0.5, {"customized": False, **a}],
                ["end", 0, True, a],
                ["generate", 2, a],
                ["customized", 7, {"by": "hand"}, 3, {"customized": True, **b}],
                ["end", 7, True, b],
                ["end", 1, False, b],
                ["end", 2, False, a],
                ["import", [{"parameter": {"x": 2}, "value": 4}]],
            ],
        )
        self.assertEqual(host.close(), 0)

    def test_first_phases_without_multi_phase_are_asked_for_together(self):
        host = self.ready(
            "tuner",
            RECORDER + """
        def generate_multiple_parameters(self, parameter_id_list, **kwargs):
            return [[id, kwargs["trial_job_id"]] for id in parameter_id_list]
        """,
            "Recorder",
            multiPhase=False,
        )
        jobs = ["jobaa", "jobbb"]
        self.assertEqual(host.ask((0, jobs[0]), (1, jobs[1])), [parameters([0, jobs]), parameters([1, jobs])])
        self.assertEqual(host.ask((2, "jobcc")), [parameters([2, "jobcc"])])

    def test_a_stopped_phase_has_a_result_where_intermediate_results_are_included(self):
        host = self.ready("tuner", RECORDER, "Recorder", includeIntermediateResults=True)
        host.ask((0, "jobaa"), (1, "jobbb"))
        host.tell(ended(0, "jobaa", 0.25, outcome="stopped"), ended(1, "jobbb", outcome="stopped"))
        heard = [call[:2] + call[-1:] for call in self.heard(host)[2:]]
        a = {"trial_job_id": "jobaa"}
        self.assertEqual(
            heard,
            [
                ["result", 0, {"customized": False, **a}],
                ["end", 0, a],
                ["end", 1, {"trial_job_id": "jobbb"}],
            ],
        )

    def test_results_of_customized_trials_come_only_to_who_accepts_them(self):
        for accepts in (False, True):
            source = (
                RECORDER.replace("self.heard = []", "self.heard = []; self._accept_customized_trials()")
                if accepts
                else RECORDER
            )
            host = self.ready("tuner", source, "Recorder")
            host.tell(ended(0, "jobaa", 1, customized=True, parameters={"x": 1}))
            heard = self.heard(host)
            with self.subTest(accepts):
                self.assertEqual([call[0] for call in heard], ["result", "end"] if accepts else ["end"])
                if accepts:
                    self.assertEqual(heard[0][2:], [{"x": 1}, 1, {"customized": True, "trial_job_id": "jobaa"}])

    def test_positional_forms_of_the_first_multi_phase_tuners_work(self):
        host = self.ready(
            "tuner",
            """
            from nni.multi_phase.multi_phase_tuner import MultiPhaseTuner

            class Old(MultiPhaseTuner):
                def update_search_space(self, search_space):
                    self.heard = []
                def generate_parameters(self, parameter_id, trial_job_id=None):
                    return [parameter_id, trial_job_id, self.heard]
                def receive_trial_result(self, parameter_id, parameters, reward, trial_job_id):
                    reward = self.extract_scalar_reward({"default": reward})
                    self.heard.append([parameter_id, parameters[:2], reward, trial_job_id])
                def receive_customized_trial_result(self, parameter_id, parameters, reward, job):
                    self.heard.append(["customized", parameter_id, reward, job])
                def trial_end(self, parameter_id, success, trial_job_id):
                    self.heard.append([parameter_id, success, trial_job_id])
            """,
            "Old",
        )
        host.tell(space())
        self.assertEqual(host.ask((0, "jobaa")), [parameters([0, "jobaa", []])])
        host.tell(ended(0, "jobaa", 5), ended(1, "jobaa", 6, customized=True))
        heard = [
            [0, [0, "jobaa"], 5, "jobaa"],
            [0, True, "jobaa"],
            ["customized", 1, 6, "jobaa"],
            [1, True, "jobaa"],
        ]
        self.assertEqual(host.ask((2, "jobaa", 1)), [parameters([2, "jobaa", heard])])

    def test_methods_without_keyword_arguments_get_none_and_the_index_comes_to_who_names_it(self):
        host = self.ready(
            "tuner",
            """
            from nni.tuner import Tuner

            class Plain(Tuner):
                def update_search_space(self, space): pass
                def generate_parameters(self, parameter_id, parameter_index=None):
                    return [parameter_id, parameter_index]
                def receive_trial_result(self, parameter_id, parameters, value): self.value = value
                def trial_end(self, parameter_id, success): pass
            """,
            "Plain",
        )
        self.assertEqual(host.ask((0, "jobaa")), [parameters([0, 0])])
        host.tell(ended(0, "jobaa", 1))
        self.assertEqual(host.ask((1, "jobaa", 1)), [parameters([1, 1])])

    def test_says_that_there_are_no_more_or_not_yet(self):
        host = self.ready(
            "tuner",
            """
            import nni
            from nni.tuner import Tuner

            class Few(Tuner):
                ready = False
                def update_search_space(self, space): pass
                def generate_parameters(self, parameter_id, **kwargs):
                    if parameter_id == 2: raise nni.NoMoreTrialError("all done")
                    if parameter_id == 1 and not self.ready: raise nni.TunerWaiting()
                    return None if parameter_id == 5 else parameter_id
                def receive_trial_result(self, *given, **named): self.ready = True
            """,
            "Few",
            multiPhase=False,
        )
        answers = host.ask((0, "jobaa"), (1, "jobbb"), (2, "jobcc"), (3, "jobdd"))
        self.assertEqual(answers, [parameters(0), WAIT, NO_MORE, NO_MORE])  # up to the first that there is not
        host.tell(ended(0, "jobaa", 1))
        self.assertEqual(host.ask((1, "jobbb"), (4, "jobaa", 1)), [parameters(1), parameters(4)])
        self.assertEqual(host.ask((2, "jobbb", 1)), [NO_MORE])
        self.assertEqual(host.ask((5, "jobee")), [NO_MORE])
        self.assertIn("gave None for parameter id 5", host.aside[-1]["message"])

    def test_one_that_gives_nothing_but_lists_is_asked_for_a_list_in_later_phases_too(self):
        host = self.ready(
            "tuner",
            """
            from nni.tuner import Tuner

            class Lists(Tuner):
                def update_search_space(self, space): pass
                def receive_trial_result(self, *given, **named): pass
                def generate_multiple_parameters(self, ids, **kwargs): return [[id, kwargs["trial_job_id"]] for id in ids]
            """,
            "Lists",
        )
        self.assertEqual(host.ask((0, "jobaa")), [parameters([0, "jobaa"])])
        self.assertEqual(host.ask((1, "jobaa", 1)), [parameters([1, "jobaa"])])

    def test_an_array_with_a_row_for_each_is_as_good_as_a_list(self):
        host = self.ready(
            "tuner",
            """
            from nni.tuner import Tuner

            class Array:
                def __init__(self, members): self.members = members
                def __iter__(self): return iter(map(Array, self.members))
                def tolist(self): return self.members

            class Arrays(Tuner):
                def update_search_space(self, space): pass
                def receive_trial_result(self, *given, **named): pass
                def generate_multiple_parameters(self, ids, **kwargs): return Array([[id, 0.5] for id in ids])
            """,
            "Arrays",
            multiPhase=False,
        )
        self.assertEqual(host.ask((0, "jobaa"), (1, "jobbb")), [parameters([0, 0.5]), parameters([1, 0.5])])

    def test_a_short_list_of_its_own_means_not_yet(self):
        source = """
            import nni
            from nni.tuner import Tuner

            class Short(Tuner):
                left = 1
                def update_search_space(self, space): pass
                def generate_parameters(self, parameter_id, **kwargs):
                    if self.left == 0: raise nni.NoMoreTrialError()
                    self.left -= 1
                    return parameter_id
                def generate_multiple_parameters(self, ids, **kwargs):
                    given = super().generate_multiple_parameters(ids, **kwargs)
                    return RETURNED
                def receive_trial_result(self, *given, **named): self.left += 1
        """
        for returned, rest in (("list(given)", WAIT), ("given", NO_MORE)):
            with self.subTest(returned):
                host = self.ready("tuner", source.replace("RETURNED", returned), "Short", multiPhase=False)
                self.assertEqual(host.ask((0, "jobaa"), (1, "jobbb")), [parameters(0), rest])
                host.tell(ended(0, "jobaa", 1))
                self.assertEqual(host.ask((1, "jobbb")), [parameters(1)])

    def test_answers_later_by_the_callback_that_it_kept(self):
        host = self.ready("tuner", LATER, "Later")
        self.assertEqual(host.ask((0, "jobaa"), (1, "jobbb"), (2, "jobcc")), [parameters("at once"), OWED, OWED])
        self.assertEqual(host.ask((1, "jobbb"), (2, "jobcc")), [OWED, OWED])  # not asked again: three calls so far
        self.assertEqual(host.ask((3, "jobdd")), [parameters("within the call")])
        host.tell(ended(0, "jobaa", 1))
        host.hear("news")
        host.hear("news")
        self.assertIn("parameter id 77", host.hear("log")["message"])
        self.assertEqual(host.ask((2, "jobcc"), (1, "jobbb")), [parameters(["late", 4, "at once"])] * 2)
        self.assertEqual(host.ask((4, "jobaa", 1)), [parameters("phase 4")])

    def test_what_a_callback_brings_again_after_a_restart_is_no_news(self):
        host = self.ready("tuner", LATER, "Later", resumed=True)
        host.tell(replay((1, "jobbb", 0, "then")))
        self.assertEqual(host.ask((2, "jobcc")), [OWED])
        host.tell(ended(1, "jobbb", 5))
        host.hear("news")
        self.assertIn("parameter id 77", host.hear("log")["message"])
        self.assertEqual(host.ask((2, "jobcc")), [parameters(["late", 2, "then"])])
        self.assertEqual(host.aside, [])

    def test_is_asked_again_where_it_let_the_callback_go(self):
        host = self.ready(
            "tuner",
            """
            from nni.tuner import Tuner

            class Forgetful(Tuner):
                calls = 0
                def update_search_space(self, space): pass
                def receive_trial_result(self, *given, **named): self.kept = None
                def generate_parameters(self, parameter_id, **kwargs): pass
                def generate_multiple_parameters(self, ids, st_callback=None, **kwargs):
                    self.calls += 1
                    if ids == [1]: self.kept = st_callback
                    return [self.calls] if self.calls > 2 else []
            """,
            "Forgetful",
        )
        self.assertEqual(host.ask((0, "jobaa")), [WAIT])  # not kept at all
        self.assertEqual(host.ask((1, "jobbb")), [OWED])
        self.assertEqual(host.ask((0, "jobaa")), [parameters(3)])
        self.assertEqual(host.ask((1, "jobbb")), [OWED])
        host.tell(ended(0, "jobaa", 1))
        self.assertEqual(host.ask((1, "jobbb")), [parameters(4)])

    def test_after_a_restart_it_is_asked_again_and_what_was_answered_then_counts(self):
        host = self.ready("tuner", RECORDER, "Recorder", resumed=True)
        host.tell(
            space(),
            replay((0, "jobaa", 0, {"then": 0})),
            ended(0, "jobaa", 1, parameters={"then": 0}),
            replay((1, "jobaa", 1, {"then": 1})),
        )
        host.tell(ended(1, "jobaa", 2, parameters={"then": 1}))
        self.assertEqual(
            [call[:3] for call in self.heard(host)],
            [
                ["space", {}],
                ["generate", 0, {"trial_job_id": "jobaa"}],
                ["result", 0, {"then": 0}],
                ["end", 0, True],
                ["generate", 1, {"trial_job_id": "jobaa"}],
                ["result", 1, {"then": 1}],
                ["end", 1, True],
            ],
        )

    def test_its_own_objects_come_back_and_numbers_arrive_as_they_are(self):
        host = self.ready(
            "tuner",
            """
            from nni.tuner import Tuner

            class Numbers(Tuner):
                def update_search_space(self, space): pass
                def generate_parameters(self, parameter_id, **kwargs):
                    self.own = {"list": list(range(1000)), "nan": float("nan"), "inf": (float("inf"), {1})}
                    return self.own
                def receive_trial_result(self, parameter_id, parameters, value, **kwargs):
                    assert parameters is self.own
                    assert value["default"] != value["default"] and value["low"] == -float("inf")
                    assert len(value["l"]) == 1000
            """,
            "Numbers",
        )
        answer = host.ask((0, "jobaa"))[0]["parameters"]
        self.assertEqual(answer["list"], list(range(1000)))
        self.assertTrue(math.isnan(answer["nan"]))
        self.assertEqual(answer["inf"], [math.inf, [1]])
        host.tell(ended(0, "jobaa", {"default": math.nan, "low": -math.inf, "l": [0.5] * 1000}))
        self.assertEqual(host.close(), 0)

    def test_a_thousand_requests_at_once_are_answered_in_order(self):
        host = self.ready("tuner", RECORDER, "Recorder", multiPhase=False)
        self.assertEqual(host.ask(*((n, f"j{n}") for n in range(90))), [parameters({"n": n}) for n in range(90)])
        host.tell(*(ended(n, f"j{n}", n) for n in range(90)))
        self.assertEqual(len(self.heard(host)), 270)


class OnThreads(HostTestCase):
    def test_a_call_may_wait_for_what_another_one_brings(self):
        host = self.ready(
            "tuner",
            """
            import threading
            from nni.tuner import Tuner

            class Blocking(Tuner):
                def __init__(self): self.results, self.came = [], threading.Condition()
                def update_search_space(self, space): self.space = space
                def generate_parameters(self, parameter_id, **kwargs):
                    with self.came:
                        self.came.wait_for(lambda: len(self.results) >= parameter_id)
                        return [self.space, sorted(self.results)]
                def receive_trial_result(self, parameter_id, parameters, value, trial_job_id, **kwargs):
                    with self.came:
                        self.results.append(value)
                        self.came.notify_all()
            """,
            "Blocking",
            multiThread=True,
        )
        host.tell(space(x=1))
        self.assertEqual(host.ask((0, "jobaa")), [parameters([{"x": 1}, []])])
        host.begin_to_ask((2, "jobbb"))
        host.begin_to_ask((1, "jobcc"))
        host.wait_for("generate_parameters")
        host.tell(ended(0, "jobaa", "first"))
        answer = host.hear("proposals")
        self.assertEqual((answer["id"], answer["proposals"]), (3, [parameters([{"x": 1}, ["first"]])]))
        host.tell(ended(1, "jobcc", "second"))
        self.assertEqual(host.hear("proposals")["id"], 2)
        host.begin_to_ask((9, "jobdd"))  # waits for ever
        host.wait_for("generate_parameters")
        self.assertEqual(host.close(), 0)

    def test_nothing_is_asked_before_the_search_space_is_known(self):
        host = self.ready(
            "tuner",
            """
            import os
            from nni.tuner import Tuner

            class Slow(Tuner):
                def update_search_space(self, space):
                    while not os.path.exists("go on"): pass
                    self.space = space
                def generate_parameters(self, parameter_id, **kwargs): return self.space
                def receive_trial_result(self, *given, **named): pass
            """,
            "Slow",
            multiThread=True,
        )
        host.tell(space(x=1))
        host.begin_to_ask((0, "jobaa"))
        host.wait_for("update_search_space")
        self.assertEqual([host.where() for _ in range(20)][-1], (2, "update_search_space"))
        with open(f"{host.folder}/log/go on", "w", encoding="utf-8"):
            pass
        self.assertEqual(host.hear("proposals")["proposals"], [parameters({"x": 1})])

    def test_the_calls_for_one_trial_job_keep_their_order(self):
        host = self.ready(
            "tuner",
            """
            import time
            from nni.tuner import Tuner

            class Slow(Tuner):
                def __init__(self): self.last = {}
                def update_search_space(self, space): pass
                def generate_parameters(self, parameter_id, trial_job_id, **kwargs):
                    return self.last.get(trial_job_id, 0)
                def receive_trial_result(self, parameter_id, parameters, value, trial_job_id, **kwargs):
                    for _ in range(100): time.sleep(0)  # lets others go first
                    self.last[trial_job_id] = value
            """,
            "Slow",
            multiThread=True,
        )
        jobs = [f"job{n}" for n in range(5)]
        host.ask(*((n, job) for n, job in enumerate(jobs)))
        for index in range(1, 6):
            for n, job in enumerate(jobs):
                host.tell(ended((index - 1) * 5 + n, job, index))
                host.begin_to_ask((index * 5 + n, job, index))
            for _ in jobs:
                self.assertEqual(host.hear("proposals")["proposals"], [parameters(index)])

    def test_what_is_asked_again_after_a_restart_does_not_wait_for_its_turn(self):
        host = self.ready(
            "tuner",
            """
            import threading
            from nni.tuner import Tuner

            class Pair(Tuner):
                def __init__(self): self.both = threading.Barrier(2)
                def update_search_space(self, space): pass
                def receive_trial_result(self, parameter_id, parameters, value, **kwargs): self.told = parameters
                def generate_parameters(self, parameter_id, **kwargs):
                    if parameter_id == 2: return self.told
                    self.both.wait()
                    return parameter_id
            """,
            "Pair",
            multiThread=True,
            resumed=True,
        )
        host.tell(space(), replay((0, "jobaa", 0, "a"), (1, "jobbb", 0, "b")), ended(1, "jobbb", 5))
        self.assertEqual(host.ask((2, "jobbb", 1)), [parameters("b")])

    def test_a_failure_on_a_thread_ends_the_host(self):
        host = self.ready(
            "tuner",
            """
            from nni.tuner import Tuner

            class Broken(Tuner):
                def update_search_space(self, space): pass
                def receive_trial_result(self, *given, **named): pass
                def generate_parameters(self, parameter_id, **kwargs): return {}["x"]
                def _on_error(self): print("told of the error")
            """,
            "Broken",
            multiThread=True,
        )
        host.begin_to_ask((0, "jobaa"))
        failed = host.hear("failed")
        self.assertEqual(failed["message"], f"KeyError: 'x' ({host.folder}/own.py:7, in generate_parameters)")
        self.assertEqual(host.gone(), 1)
        self.assertIn("told of the error", host.log())
