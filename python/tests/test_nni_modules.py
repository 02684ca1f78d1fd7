"""What custom code imports from nni beside the base classes."""

import argparse
import importlib
import json
import math
import os
import random
import sys
import tempfile
import types
import unittest
import unittest.mock

import nni
from nni import parameter_expressions as expressions
from nni import utils
from nni.assessor import AssessResult
from nni.medianstop_assessor.medianstop_assessor import MedianstopAssessor
from nni.msg_dispatcher import MsgDispatcher, _pack_parameter
from nni.protocol import CommandType, receive, send
from nni.tuner import Tuner

from .trials import TrialTestCase

try:
    import numpy
except ImportError:
    numpy = None

SPACE = {
    "rate": {"_type": "uniform", "_value": [1, 2]},
    "layer": {
        "_type": "choice",
        "_value": [{"_name": "none"}, {"_name": "conv", "size": {"_type": "randint", "_value": [5, 7]}}],
    },
}


class Import(TrialTestCase):
    def test_a_trial_that_imports_nni_loads_none_of_this(self):
        source = """
            import sys
            import nni
            print(sorted(name for name in sys.modules if name.split(".")[0] in ("nni", "polyphase")))
            print([name for name in ("enum", "inspect", "logging", "subprocess") if name in sys.modules])
        """
        printed = self.finish_well(self.start(source, {"PYTHONNOUSERSITE": "1"})).splitlines()
        for name in ("nni.tuner", "nni.utils", "polyphase.host", "nni.common"):
            self.assertNotIn(f"'{name}'", printed[0])
        self.assertEqual(printed[1].replace("'enum', ", "").replace("'enum'", ""), "[]")

    def test_classes_of_algorithms_are_also_in_the_package_around_their_module(self):
        for package, name in (
            ("batch_tuner", "BatchTuner"),
            ("curvefitting_assessor", "CurvefittingAssessor"),
            ("evolution_tuner", "EvolutionTuner"),
            ("gp_tuner", "GPTuner"),
            ("gridsearch_tuner", "GridSearchTuner"),
            ("hyperopt_tuner", "HyperoptTuner"),
            ("medianstop_assessor", "MedianstopAssessor"),
            ("metis_tuner", "MetisTuner"),
            ("smac_tuner", "SMACTuner"),
        ):
            with self.subTest(package):
                around = importlib.import_module(f"nni.{package}")
                module = importlib.import_module(f"nni.{package}.{package}")
                self.assertIs(getattr(around, name), getattr(module, name))

    def test_modules_beside_it_need_no_import_of_their_own(self):
        printed = self.finish_well(
            self.start(
                """
                import nni
                print(nni.utils.merge_parameter({"rate": 1.0}, {"rate": 2.0}), nni.env_vars.trial_env_vars.NNI_PLATFORM)
                class Mine(nni.tuner.Tuner): pass
                from nni import ClassArgsValidator
                print(hasattr(nni, "no_such_module"), hasattr(nni, "retiarii"))
                """,
                {},
            )
        )
        self.assertEqual(printed, "{'rate': 2.0} None\nFalse False\n")

    def test_what_is_not_here_says_what_to_use_instead(self):
        for name, instead in (
            ("nni.algorithms.hpo.hyperopt_tuner", "nni.hyperopt_tuner"),
            ("nni.runtime.msg_dispatcher_base", "nni.msg_dispatcher_base"),
            ("nni.experiment", "config file"),
            ("nni.platform.test", "prints what it reports"),
            ("nni.feature_engineering.gbdt_selector", "sklearn.feature_selection"),
            ("nni.pbt_tuner.pbt_tuner", "nni.tuner.Tuner"),
        ):
            with self.subTest(name), self.assertRaisesRegex(ImportError, instead):
                importlib.import_module(name)

    def test_every_module_says_what_it_is_for(self):
        import pkgutil

        self.assertEqual(nni.NoMoreTrialError("x").errorinfo, "x")
        for module in pkgutil.iter_modules(nni.__path__):
            if not module.ispkg:
                self.assertTrue(__import__(f"nni.{module.name}", fromlist=["x"]).__doc__, module.name)


class Expressions(unittest.TestCase):
    def states(self):
        yield random.Random(1)
        if numpy:
            yield numpy.random.RandomState(1)
            yield numpy.random.default_rng(1)

    def test_draw_from_their_ranges(self):
        for state in self.states():
            with self.subTest(type(state).__name__):
                draw = lambda name, *args: [getattr(expressions, name)(*args, state) for _ in range(200)]  # noqa: E731
                self.assertEqual(set(draw("choice", ["a", {"b": 1}][:1])), {"a"})
                self.assertEqual({type(drawn) for drawn in draw("choice", ["a", {"b": 1}, 3])}, {str, dict, int})
                self.assertEqual(set(draw("randint", 2, 5)), {2, 3, 4})
                self.assertTrue(all(-1 <= drawn < 1 for drawn in draw("uniform", -1, 1)))
                self.assertEqual(set(draw("quniform", 2, 10, 5)), {2, 5, 10})
                self.assertTrue(all(1e-3 <= drawn <= 10 for drawn in draw("loguniform", 1e-3, 10)))
                self.assertEqual(set(draw("qloguniform", 1, 3, 1)), {1, 2, 3})
                self.assertLess(abs(sum(draw("normal", 5, 0.1)) / 200 - 5), 0.1)
                self.assertTrue(all(drawn % 2 == 0 for drawn in draw("qnormal", 5, 3, 2)))
                self.assertLess(abs(math.log(sorted(draw("lognormal", 2, 0.1))[100]) - 2), 0.1)
                self.assertTrue(all(drawn % 2 == 0 for drawn in draw("qlognormal", 1, 1, 2)))

    def test_refuse_what_has_no_meaning(self):
        for refused in ((expressions.uniform, 2, 1), (expressions.loguniform, 0, 1)):
            with self.assertRaises(ValueError):
                refused[0](*refused[1:], random.Random(1))
        with self.assertRaisesRegex(TypeError, "random_state"):
            expressions.randint(0, 1, None)

    @unittest.skipUnless(numpy, "numpy is not installed")
    def test_a_choice_is_the_one_that_numpy_makes(self):
        options = list(range(10))
        mine, theirs = numpy.random.RandomState(3), numpy.random.RandomState(3)
        drawn = [expressions.choice(options, mine) for _ in range(20)]
        self.assertEqual(drawn, [theirs.choice(options) for _ in range(20)])


class Utils(unittest.TestCase):
    def test_scalars_of_results(self):
        self.assertEqual(utils.extract_scalar_reward({"default": 2, "other": 3}), 2)
        self.assertEqual(utils.extract_scalar_history([1, {"x": 2}], "x"), [1, 2])
        for value in ("1", {"other": 1}, {"default": "1"}, None):
            with self.assertRaises(RuntimeError):
                utils.extract_scalar_reward(value)

    def test_parameters_without_their_indexes(self):
        drawn = {"x": {"_index": 1, "_value": {"_name": "a", "y": {"_index": 0, "_value": 3}}}, "z": 2}
        self.assertEqual(utils.split_index(drawn), {"x": {"_name": "a", "y": 3}, "z": 2})

    def test_parameters_as_a_key(self):
        key = utils.convert_dict2tuple({"b": [1, {"c": 2}], "a": {"d": 3}})
        self.assertEqual(key, (("a", (("d", 3),)), ("b", (1, (("c", 2),)))))
        self.assertEqual(len({key}), 1)

    def test_names_and_draws_of_a_nested_space(self):
        names = [
            "root[rate]-uniform",
            "root[layer]-choice[1][size]-randint",
            "root[layer]-choice",
        ]
        self.assertEqual(utils.json2space(SPACE), names)
        conv = {"rate": 1.5, "layer": {"_index": 1, "_value": {"_name": "conv", "size": 9}}}
        none = {"rate": 1.5, "layer": {"_index": 0, "_value": {"_name": "none"}}}
        self.assertEqual(utils.json2space(SPACE, conv), names)
        self.assertEqual(utils.json2space(SPACE, none), [names[0], names[2]])
        with self.assertRaisesRegex(RuntimeError, "_name"):
            utils.json2space({"x": {"_type": "choice", "_value": [{"y": 1}]}})

        again = utils.json2parameter(SPACE, {names[1]: True}, random.Random(1), conv)
        self.assertEqual((again["rate"], again["layer"]["_index"]), (1.5, 1))
        self.assertIn(again["layer"]["_value"]["size"], (5, 6))
        self.assertEqual(utils.json2parameter(SPACE, {}, random.Random(1), conv), conv)
        fresh = [utils.json2parameter(SPACE, {}, random.Random(seed)) for seed in range(20)]
        self.assertEqual({drawn["layer"]["_value"]["_name"] for drawn in fresh}, {"none", "conv"})
        self.assertTrue(all(1 <= drawn["rate"] <= 2 for drawn in fresh))

    def test_whole_numbers_become_steps_of_one_wherever_they_are(self):
        space = json.loads(json.dumps(SPACE))
        utils.randint_to_quniform(space)
        self.assertEqual(space["rate"], SPACE["rate"])
        self.assertEqual(space["layer"]["_value"][1]["size"], {"_type": "quniform", "_value": [5, 7, 1]})

    def test_a_validator_of_class_args_speaks_the_language_of_schema(self):
        made = []
        library = types.ModuleType("schema")
        library.Schema = lambda holds, error: made.append((holds, error))
        with unittest.mock.patch.dict(sys.modules, schema=library):
            checks = utils.ClassArgsValidator()
            checks.choices("mode", "up", "down")
            checks.range("size", (int, float), 2, 9)
            checks.path("folder")
        (mode, wrong), (size, out_of_range), (folder, _) = made
        self.assertEqual([mode("up"), mode("left")], [True, False])
        self.assertEqual([size(2), size(9), size(9.5), size("5")], [True, True, False, False])
        self.assertEqual([folder(os.curdir), folder("nowhere")], [True, False])
        self.assertEqual((wrong, out_of_range), ("mode: expected up or down", "size: expected int or float from 2 to 9"))

    def test_merged_arguments(self):
        arguments = argparse.Namespace(rate=0.1, steps=3, name=None)
        self.assertIs(utils.merge_parameter(arguments, {"rate": 1, "name": "x"}), arguments)
        self.assertEqual(vars(arguments), {"rate": 1, "steps": 3, "name": "x"})
        with self.assertRaisesRegex(ValueError, "'rats'"):
            utils.merge_parameter(arguments, {"rats": 1})
        with self.assertRaisesRegex(TypeError, "'steps': expected int, got float"):
            utils.merge_parameter({"steps": 3}, {"steps": 3.5})

    def test_text_and_packets(self):
        self.assertEqual(utils.to_json({"a": (1, math.nan)}), '{"a": [1, NaN]}')
        packet = json.loads(_pack_parameter(3, {"x": 1}, trial_job_id="jobaa", parameter_index=2))
        expected = {"parameter_id": 3, "parameter_source": "algorithm", "parameters": {"x": 1}}
        self.assertEqual(packet, {**expected, "trial_job_id": "jobaa", "parameter_index": 2})

    def test_what_only_the_host_does_says_so(self):
        for attempt in (lambda: send(CommandType.NewTrialJob, ""), receive):
            with self.assertRaisesRegex(RuntimeError, "nni.protocol"):
                attempt()
        with self.assertRaisesRegex(NotImplementedError, "MsgDispatcherBase"):
            MsgDispatcher(None, None)


class BaseClasses(unittest.TestCase):
    def test_a_list_of_parameters_ends_where_there_are_no_more(self):
        class Few(Tuner):
            def generate_parameters(self, parameter_id):
                if parameter_id > 1:
                    raise nni.NoMoreTrialError()
                return parameter_id

        few = Few()
        self.assertEqual(few.generate_multiple_parameters([0, 1], st_callback=print), [0, 1])
        self.assertEqual(few.generate_multiple_parameters([1, 2, 0]), [1])

    def test_the_checkpoint_path_is_a_folder_that_is_there(self):
        with tempfile.TemporaryDirectory() as folder, unittest.mock.patch.dict(os.environ):
            os.environ["NNI_CHECKPOINT_DIRECTORY"] = folder
            self.assertEqual(Tuner().get_checkpoint_path(), folder)
            os.environ["NNI_CHECKPOINT_DIRECTORY"] = os.path.join(folder, "none")
            self.assertIsNone(Tuner().get_checkpoint_path())

    def test_medianstop_compares_the_best_with_the_averages_of_completed_jobs(self):
        for mode, sign in (("maximize", 1), ("minimize", -1)):
            assessor = MedianstopAssessor(mode, start_step=2)
            for job, curve in (("a", [1, 2, 3]), ("b", [{"default": 3}, 5]), ("c", [9, 9]), ("d", [])):
                for length in range(1, len(curve) + 1):
                    told = [
                        {"default": v["default"] * sign} if isinstance(v, dict) else v * sign for v in curve[:length]
                    ]
                    self.assertIs(assessor.assess_trial(job, told), AssessResult.Good)
                assessor.trial_end(job, job != "c")  # averages at step 2: a 1.5, b 4
            self.assertIs(assessor.assess_trial("e", [0 * sign]), AssessResult.Good)  # before start_step
            self.assertIs(assessor.assess_trial("e", [0 * sign, 2.7 * sign]), AssessResult.Bad)
            self.assertIs(assessor.assess_trial("e", [2.8 * sign, 0]), AssessResult.Good)
            self.assertIs(assessor.assess_trial("e", [0, 0, 1.9 * sign]), AssessResult.Bad)  # a alone: 2
            self.assertIs(assessor.assess_trial("e", [0, 0, 0, -5 * sign]), AssessResult.Good)  # nobody got there

    def test_an_assessor_that_extends_medianstop_finds_its_histories(self):
        class Recorder(MedianstopAssessor):
            def assess_trial(self, trial_job_id, trial_history):
                self._update_data(trial_job_id, trial_history)
                return AssessResult(self.high_better and len(self.running_history) == 1)

        recorder = Recorder()
        self.assertIs(recorder.assess_trial("a", [1, 3]), AssessResult.Good)
        recorder.trial_end("a", True)
        self.assertEqual((recorder.running_history, recorder.completed_avg_history), ({}, {"a": [1, 2]}))
