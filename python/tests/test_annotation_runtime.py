"""Annotated code as it runs: under a manager, and alone."""

import os
import subprocess
import sys

from .annotated import AnnotationTestCase
from .trials import PYTHON_ROOT

TRIAL = '''
import helper, nni

def double(x): return 2 * x
def triple(x): return 3 * x

print(open("data.txt").read())
for _ in range(COUNT):
    """@nni.get_next_parameter()"""
    """@nni.variable(nni.uniform(0, 1), name=rate)"""
    rate = 0.1
    size = nni.choice(1, "two", (3, 3), name="size")
    """@nni.function_choice(double(rate), triple(rate), name=f)"""
    value = double(rate)
    print(rate, size, value, helper.steps())
    """@nni.report_final_result(value)"""
print("after")
'''


def parameters(rate, size, function, steps):
    return {
        "trial/rate/uniform": rate,
        "trial/size/choice": size,
        "trial/f/function_choice": f"{function}(rate)",
        "helper/__line2/randint": steps,
    }


class Runs(AnnotationTestCase):
    def copy_of(self, source, **more):
        folder = self.code_directory(trial=source, helper="import nni\ndef steps(): return nni.randint(1, 5)\n", **more)
        self.write(os.path.join(folder, "data.txt"), "data")
        return self.annotate_well(folder)

    def run_copy(self, copy, environment):
        return subprocess.run(
            [sys.executable, "trial.py"],
            cwd=copy,
            env=dict(os.environ, PYTHONPATH=PYTHON_ROOT, PYTHONDONTWRITEBYTECODE="1", **environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            universal_newlines=True,
            timeout=60,
        )

    def run_managed(self, source, *phases, **options):
        copy, _ = self.copy_of(source)
        manager = self.manage(*phases, **options)
        return manager, self.run_copy(copy, manager.environment())

    def test_every_phase_has_its_own_values(self):
        manager, finished = self.run_managed(
            TRIAL.replace("COUNT", "2"), parameters(0.5, "two", "double", 3), parameters(0.25, "(3, 3)", "triple", 4)
        )
        self.assertEqual((finished.returncode, finished.stderr), (0, ""))
        self.assertEqual(
            finished.stdout.splitlines(), ["data", "0.5 two 1.0 3", "0.25 (3, 3) 0.75 4", "after"]
        )
        self.assertEqual(manager.finals, {0: 1.0, 1: 0.75})

    def test_the_trial_ends_well_when_there_are_no_more_parameters(self):
        manager, finished = self.run_managed(TRIAL.replace("COUNT", "9"), parameters(0.5, 1, "double", 3))
        self.assertEqual((finished.returncode, finished.stdout.splitlines()), (0, ["data", "0.5 1 1.0 3"]))
        self.assertIn("there are no more parameters: the trial ends here", finished.stderr)
        self.assertEqual(manager.finals, {0: 1.0})

    def test_the_first_access_fetches_parameters(self):
        source = 'import nni\nprint(nni.normal(0, 1, name="x"), nni.normal(0, 1, name="x"))\nnni.report_final_result(1)\n'
        manager, finished = self.run_managed(source, {"trial/x/normal": -2.5}, {"trial/x/normal": 7})
        self.assertEqual((finished.stdout, finished.stderr), ("-2.5 -2.5\n", ""))
        self.assertEqual(manager.finals, {0: 1})

    def test_threads_that_are_first_together_fetch_one_phase(self):
        source = """
            import nni
            from threading import Thread
            seen = []
            def look(): seen.append(nni.normal(0, 1, name="x"))
            threads = [Thread(target=look) for _ in range(8)]
            [thread.start() for thread in threads]
            [thread.join() for thread in threads]
            print(seen)
            """
        _, finished = self.run_managed(source, {"trial/x/normal": 1}, {"trial/x/normal": 2})
        self.assertEqual((finished.stdout, finished.stderr), (f"{[1] * 8}\n", ""))

    def test_parameters_that_do_not_fit_are_said(self):
        for given, expected in [
            ({"other": 1}, "trial/x/choice: expected a parameter of this name, got {'other': 1}"),
            ([1], "trial/x/choice: expected a parameter of this name, got [1]"),
            ({"trial/x/choice": 3}, "trial/x/choice: expected one of [1, 2], got 3"),
            ({"trial/x/choice": [1]}, "trial/x/choice: expected one of [1, 2], got [1]"),
        ]:
            with self.subTest(given):
                _, finished = self.run_managed("import nni\nnni.choice(1, 2, name='x')\n", given)
                self.assertEqual(finished.returncode, 1)
                self.assertIn(expected, finished.stderr)

    def test_code_that_was_not_annotated_is_told_so(self):
        for call in ("choice(1, 2)", "uniform(0, 1)", "function_choice(int, float)"):
            finished = self.run_trial(f"import nni; nni.{call}", self.manage({}))
            self.assertEqual(finished.code, 1)
            self.assertIn("write useAnnotation: true", finished.stderr)

    LAYERS = '''
        import nni
        def add(inputs, size): return ("add", inputs, size)
        def keep(inputs): return ("keep", inputs)
        a, b, c = 1, 2, 3
        for _ in range(2):
            """@nni.mutable_layers({layer_choice: [add(size=4), keep], fixed_inputs: [a], optional_inputs: [b, c],
                optional_input_size: [0, 2], layer_output: y}, {layer_choice: [keep()], fixed_inputs: [y], layer_output: z})"""
            print(z)
            """@nni.report_final_result(1)"""
            """@nni.training_update()"""
        '''

    def layers(self, choice, inputs):
        return {
            "trial/mutable_block_7": {
                "mutable_layer_0": {"chosen_layer": choice, "chosen_inputs": inputs},
                "mutable_layer_1": {"chosen_layer": "keep()", "chosen_inputs": []},
            }
        }

    def run_layers(self, mode):
        copy, _ = self.annotate_well(self.code_directory(trial=self.LAYERS), "--nas-mode", mode)
        manager = self.manage(self.layers("add(size=4)", ["c"]), self.layers("keep", ["c", "b"]), {})
        return manager, self.run_copy(copy, manager.environment())

    def test_layers(self):
        first = "('keep', [[('add', [[1], [3]], 4)], []])"
        _, finished = self.run_layers("classic_mode")
        self.assertEqual(finished.stdout.splitlines(), [first, first])
        manager, finished = self.run_layers("enas_mode")
        self.assertEqual(finished.stdout.splitlines(), [first, "('keep', [[('keep', [[1], [3, 2]])], []])"])
        self.assertEqual(manager.finals, {0: 1, 1: 1})


class Alone(AnnotationTestCase):
    def test_samplers_draw_at_random_annotated_or_not(self):
        source = """
            import nni, random
            random.seed(1)
            for _ in range(300):
                assert nni.choice(1, "b") in (1, "b")
                assert nni.choice({"a": 5}) == 5
                assert nni.function_choice(lambda: 1, lambda: 2) in (1, 2)
                assert nni.randint(2, 4) in (2, 3)
                assert 1 <= nni.uniform(1, 2) <= 2
                assert nni.quniform(0, 10, 4) in (0, 4, 8)
                assert nni.quniform(2, 10, 5) in (2, 5, 10)
                assert 0.1 <= nni.loguniform(0.1, 10) <= 10
                assert nni.qloguniform(1, 6, 2) in (1, 2, 4, 6)
                assert -9 < nni.normal(0, 1) < 9
                assert nni.qnormal(0, 1, 0.5) % 0.5 == 0
                assert nni.lognormal(0, 1) > 0
                assert nni.qlognormal(0, 1, 2) % 2 == 0
                chosen = nni.mutable_layer("b", "l", {"f": lambda inputs: inputs}, [1], {"a": 2, "b": 3}, [1, 2])
                assert chosen in ([[1], [2]], [[1], [3]], [[1], [2, 3]], [[1], [3, 2]])
                nni.training_update("classic_mode")
            """
        plain = self.start(source, {}).finish()
        self.assertEqual((plain.code, plain.stderr), (0, ""))
        copy, _ = self.annotate_well(self.code_directory(trial=source))
        annotated = self.start(self.read(copy, "trial.py"), {}).finish()
        self.assertEqual((annotated.code, annotated.stderr), (0, ""))

    def test_annotated_code_that_was_not_prepared_runs_as_plain_python(self):
        source = self.code_directory(trial=TRIAL.replace("COUNT", "1").replace("helper.steps()", "1"), helper="")
        self.write(os.path.join(source, "data.txt"), "data")
        finished = subprocess.run(
            [sys.executable, "trial.py"],
            cwd=source,
            env=dict(os.environ, PYTHONPATH=PYTHON_ROOT, PYTHONDONTWRITEBYTECODE="1"),
            stdout=subprocess.PIPE,
            universal_newlines=True,
        )
        self.assertEqual((finished.returncode, finished.stdout.splitlines()[-1]), (0, "after"))
