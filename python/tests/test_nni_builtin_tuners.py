"""NNI's built-in tuners by their import paths: in a plain script, and extended by a custom tuner."""

import importlib
import os
import shutil
import sys
import unittest
from concurrent.futures import ThreadPoolExecutor
from unittest import mock

import nni
from nni.evolution_tuner.evolution_tuner import EvolutionTuner
from nni.hyperopt_tuner.hyperopt_tuner import HyperoptTuner

from .hosts import NO_MORE, WAIT, HostTestCase, ended, space
from .trials import PYTHON_ROOT

FAKE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fake_builtin_tuner.py")
SERVED = {"POLYPHASE_NODE": sys.executable, "POLYPHASE_BUILTIN_TUNER": FAKE}
REAL = os.path.join(os.path.dirname(PYTHON_ROOT), "dist", "manager", "serve-builtin-tuner.js")

#: Module, class, arguments; and what is to be started: name, optimize mode, class args or how many of them.
BUILT_IN = [
    ("hyperopt", "HyperoptTuner", ["tpe", "maximize"], "TPE", "maximize", 2),
    ("hyperopt", "HyperoptTuner", ["random_search"], "Random", "minimize", 0),
    ("hyperopt", "HyperoptTuner", ["anneal"], "Anneal", "minimize", 0),
    ("evolution", "EvolutionTuner", [], "Evolution", "maximize", {"population_size": 32}),
    ("smac", "SMACTuner", ["minimize", True], "SMAC", "minimize", {"config_dedup": True}),
    ("metis", "MetisTuner", [], "MetisTuner", "maximize", 5),
    ("gp", "GPTuner", [], "GPTuner", "maximize", 8),
    ("gridsearch", "GridSearchTuner", [], "GridSearch", "maximize", {}),
    ("batch", "BatchTuner", [], "BatchTuner", "maximize", {}),
]
SPACE = {"x": {"_type": "quniform", "_value": [0, 1, 0.25]}, "y": {"_type": "choice", "_value": [1, 2]}}
BATCH = {"combine_params": {"_type": "choice", "_value": [{"x": 0.5, "y": 1}]}}


def made(module, name, arguments):
    return getattr(importlib.import_module(f"nni.{module}_tuner.{module}_tuner"), name)(*arguments)


class InAScript(unittest.TestCase):
    def setUp(self):
        patch = mock.patch.dict(os.environ, SERVED)
        patch.start()
        self.addCleanup(patch.stop)

    def started(self, tuner):
        """How the served tuner was started, but for the seed."""
        start = tuner.generate_parameters(0)["told"][0]
        tuner._served.close()
        return start["tuner"], start["optimizeMode"], start["classArgs"]

    def test_each_is_the_tuner_of_that_name_with_the_defaults_of_nni(self):
        for module, name, arguments, tuner, mode, class_args in BUILT_IN:
            with self.subTest(tuner):
                started = self.started(made(module, name, arguments))
                self.assertEqual(started[:2], (tuner, mode))
                counted = len(started[2]) if isinstance(class_args, int) else started[2]
                self.assertEqual(counted, class_args)

    def test_hears_what_a_script_tells_it(self):
        tuner = HyperoptTuner("tpe", "maximize", seed=7)
        self.addCleanup(lambda: tuner._served.close())
        tuner.update_search_space({"x": {"_type": "uniform", "_value": [0, 1]}})
        first = tuner.generate_parameters(0)
        self.assertEqual(first["requests"], [{"parameterId": 0, "trialJobId": "job-0", "parameterIndex": 0}])
        self.assertEqual(len(tuner.generate_multiple_parameters([1, 2])), 2)
        tuner.receive_trial_result(0, {"x": 1}, 0.5)
        tuner.trial_end(0, True)
        tuner.trial_end(1, False)
        tuner.trial_end(2, True)  # of a result that it was not told
        tuner.import_data([{"parameter": {"x": 2}, "value": 3}])
        told = tuner.generate_parameters(3, trial_job_id="jobaa")["told"]
        self.assertEqual(told[0]["seed"], 7)
        self.assertEqual(
            told[1:],
            [
                {"kind": "search-space", "space": {"x": {"_type": "uniform", "_value": [0, 1]}}},
                ended(0, "job-0", 0.5, parameters={"x": 1}),
                ended(1, "job-1"),
                {"kind": "import", "rows": [{"parameters": {"x": 2}, "value": 3}]},
            ],
        )
        again = tuner.generate_parameters(4, trial_job_id="jobaa")
        self.assertEqual(again["requests"][0]["parameterIndex"], 1)
        with self.assertRaises(nni.TunerWaiting):
            tuner.generate_parameters(8)
        with self.assertRaises(nni.NoMoreTrialError):
            tuner.generate_parameters(9)

    def test_what_is_wrong_is_said(self):
        with self.assertRaisesRegex(RuntimeError, "population_size expected at least 1, came 0.\n  use 32"):
            EvolutionTuner(population_size=0).update_search_space({})
        with self.assertRaisesRegex(ValueError, "sideways"):
            EvolutionTuner("sideways")
        with self.assertRaisesRegex(RuntimeError, "algorithm_name: expected tpe, random_search, anneal, got 'tree'"):
            HyperoptTuner("tree")
        tuner = EvolutionTuner()
        with self.assertRaisesRegex(RuntimeError, "process of the built-in tuner Evolution has ended with code 3"):
            tuner.update_search_space("die")
        with mock.patch.dict(os.environ, POLYPHASE_NODE="/no/such/node"):
            with self.assertRaisesRegex(RuntimeError, "need Node.js, and there is no /no/such/node"):
                EvolutionTuner().generate_parameters(0)
        with mock.patch.dict(os.environ, POLYPHASE_BUILTIN_TUNER="/no/such.js"):
            with self.assertRaisesRegex(RuntimeError, "/no/such.js is not there"):
                EvolutionTuner().generate_parameters(0)

    def test_what_is_not_here_says_what_is(self):
        absent = ("networkmorphism_tuner", "ppo_tuner", "hyperband_advisor", "bohb_advisor", "compression", "nas")
        for name in (*absent, "compression.torch", "hyperband_advisor.hyperband_advisor"):
            with self.subTest(name), self.assertRaisesRegex(ImportError, r"not part of .*(use|search|describe)"):
                importlib.import_module(f"nni.{name}")
        from nni.curvefitting_assessor.curvefitting_assessor import CurvefittingAssessor

        with self.assertRaisesRegex(NotImplementedError, "builtinAssessorName: Curvefitting"):
            CurvefittingAssessor(20)


@unittest.skipUnless(os.path.exists(REAL) and shutil.which("node"), "needs node, and npm run build")
class Real(unittest.TestCase):
    def test_each_one_serves_a_script(self):
        with mock.patch.dict(os.environ), ThreadPoolExecutor(4) as threads:
            for name in SERVED:
                os.environ.pop(name, None)
            for name, found in threads.map(self.serve, BUILT_IN):
                with self.subTest(name):
                    self.assertEqual((set(found), found["x"] % 0.25), ({"x", "y"}, 0))

    def test_points_of_a_finite_space_are_drawn_again_but_not_those_of_a_list(self):
        two_points = {"x": {"_type": "choice", "_value": [1, 2]}}
        lists = {"GridSearch", "BatchTuner"}
        with mock.patch.dict(os.environ), ThreadPoolExecutor(4) as threads:
            for name in SERVED:
                os.environ.pop(name, None)

            def drawn(row):
                tuner = made(*row[:3])
                tuner.update_search_space(two_points)
                found = tuner.generate_multiple_parameters(list(range(7)))
                tuner._served.close()
                return row[3], found

            for name, found in threads.map(drawn, BUILT_IN):
                with self.subTest(name):
                    self.assertEqual(len(found), 2 if name in lists else 7)

    def serve(self, row):
        tuner = made(*row[:3])
        tuner.update_search_space(BATCH if row[3] == "BatchTuner" else SPACE)
        first = tuner.generate_parameters(0)
        tuner.receive_trial_result(0, first, 0.5)
        tuner.trial_end(0, True)
        if row[3] == "BatchTuner":
            with self.assertRaises(nni.NoMoreTrialError):
                tuner.generate_parameters(1)
        else:
            first = tuner.generate_parameters(1)
        tuner._served.close()
        return row[3], first

    def test_its_own_words_say_what_is_wrong(self):
        with self.assertRaisesRegex(RuntimeError, '"population_size" expected an integer of at least 2, came 1'):
            EvolutionTuner(population_size=1).update_search_space(SPACE)
        tuner = HyperoptTuner("tpe")
        with self.assertRaisesRegex(RuntimeError, r"x\._value: expected lower < upper .*, got \[0, 0\]"):
            tuner.update_search_space({"x": {"_type": "randint", "_value": [0, 0]}})


class Extended(HostTestCase):
    def test_a_custom_tuner_may_extend_it(self):
        host = self.ready(
            "tuner",
            """
            from nni.hyperopt_tuner.hyperopt_tuner import HyperoptTuner

            class Own(HyperoptTuner):
                def generate_parameters(self, parameter_id, **kwargs):
                    return dict(super().generate_parameters(parameter_id, **kwargs), own=self.algorithm_name)
                def receive_trial_result(self, parameter_id, parameters, value, **kwargs):
                    super().receive_trial_result(parameter_id, parameters["own"], -value, **kwargs)
            """,
            "Own",
            classArgs={"algorithm_name": "tpe", "optimize_mode": "minimize"},
            environment={**SERVED, "NNI_EXP_ID": "experiment"},
        )
        host.tell(space(x=1))
        first = host.ask((0, "jobaa"))[0]["parameters"]
        self.assertEqual((first["own"], first["told"][0]["optimizeMode"]), ("tpe", "minimize"))
        host.tell(ended(0, "jobaa", 0.5))
        second = host.ask((1, "jobaa", 1))[0]["parameters"]
        self.assertEqual(second["told"][1:], [space(x=1), ended(0, "jobaa", -0.5, parameters="tpe")])
        self.assertEqual(second["requests"], [{"parameterId": 1, "trialJobId": "jobaa", "parameterIndex": 1}])
        self.assertEqual(host.ask((8, "jobbb"), (9, "jobcc")), [WAIT, NO_MORE])
        self.assertEqual(host.close(), 0)
